// Raw maps and segmentations on their way between threads: few flat arrays, whose memory is moved, not copied.
import { toContiguous, type Nucleus, type Point, type RawMaps, type Segmentation } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';
import type { SegmentNucleiOptions } from '../segment-nuclei.js';

interface PackedArray<T> {
  readonly data: T;
  readonly shape: readonly number[];
}

export interface PackedMaps {
  readonly np: PackedArray<Float32Array>;
  readonly hv: PackedArray<Float32Array>;
  readonly nc: PackedArray<Float32Array> | undefined;
}

/** Asks the thread for the segmentation of raw maps. */
export interface SegmentRequest {
  readonly id: number;
  readonly maps: PackedMaps;
  readonly options: SegmentNucleiOptions;
}

/** What the thread answers. */
export type SegmentAnswer =
  | { readonly id: number; readonly segmentation: PackedSegmentation }
  | { readonly id: number; readonly failure: { readonly isArgument: boolean; readonly message: string } };

/** A segmentation; `numbers` holds {@link numbersPerNucleus} of each nucleus, `points` x and y of all contours in turn. */
export interface PackedSegmentation {
  readonly instanceMap: PackedArray<Int32Array>;
  readonly typeMap: PackedArray<Uint8Array> | undefined;
  readonly numbers: Float64Array;
  readonly points: Int32Array;
}

/** Id, box, centroid, type, its probability, points of the contour. */
const numbersPerNucleus = 10;

/** With `move`, memory that a map fills alone is listed in `transfer`; else, and of parts of larger arrays, copies are. */
export function packMaps({ np, hv, nc }: RawMaps, move: boolean): { maps: PackedMaps; transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  const pack = (planes: NdArray<Float32Array>): PackedArray<Float32Array> => {
    const data = toContiguous(planes);
    const whole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
    const packed = move && whole ? data : data.slice();
    transfer.push(packed.buffer as ArrayBuffer);
    return { data: packed, shape: planes.shape };
  };
  return { maps: { np: pack(np), hv: pack(hv), nc: nc && pack(nc) }, transfer };
}

export function unpackMaps({ np, hv, nc }: PackedMaps): RawMaps {
  return { np: unpack(np), hv: unpack(hv), nc: nc && unpack(nc) };
}

export function packSegmentation({ instanceMap, typeMap, nuclei }: Segmentation): {
  segmentation: PackedSegmentation;
  transfer: ArrayBuffer[];
} {
  const numbers = new Float64Array(numbersPerNucleus * nuclei.length);
  const points = new Int32Array(2 * nuclei.reduce((sum, { contour }) => sum + contour.length, 0));
  let at = 0;
  nuclei.forEach(({ id, box, centroid, contour, type, typeProbability }, n) => {
    numbers.set([id, ...box, ...centroid, type ?? NaN, typeProbability ?? NaN, contour.length], n * numbersPerNucleus);
    for (const [x, y] of contour) {
      points[at++] = x;
      points[at++] = y;
    }
  });
  const arrays = { instanceMap: packOwn(instanceMap), typeMap: typeMap ? packOwn(typeMap) : undefined };
  const transfer = [arrays.instanceMap.data, arrays.typeMap?.data, numbers, points].flatMap((data) =>
    data ? [data.buffer as ArrayBuffer] : [],
  );
  return { segmentation: { ...arrays, numbers, points }, transfer };
}

export function unpackSegmentation({ instanceMap, typeMap, numbers, points }: PackedSegmentation): Segmentation {
  const nuclei: Nucleus[] = [];
  let point = 0;
  for (let at = 0; at < numbers.length; at += numbersPerNucleus) {
    const [id, x0, y0, x1, y1, x, y, type, probability, length] = numbers.subarray(at, at + numbersPerNucleus);
    const contour: Point[] = [];
    for (const last = point + length!; point < last; point++)
      contour.push([points[2 * point]!, points[2 * point + 1]!]);
    nuclei.push({
      id: id!,
      box: [x0!, y0!, x1!, y1!],
      centroid: [x!, y!],
      contour,
      type: Number.isNaN(type) ? null : type!,
      typeProbability: Number.isNaN(probability) ? null : probability!,
    });
  }
  return { instanceMap: unpack(instanceMap), typeMap: typeMap ? unpack(typeMap) : null, nuclei };
}

/** segmentNuclei makes its maps itself: they are contiguous and fill their memory. */
function packOwn<T extends Int32Array | Uint8Array>(map: NdArray<T>): PackedArray<T> {
  return { data: map.data, shape: map.shape };
}

function unpack<T extends Float32Array | Int32Array | Uint8Array>({ data, shape }: PackedArray<T>): NdArray<T> {
  return ndarray(data, [...shape]);
}

// What the calling thread and a pool's thread send each other: flat arrays, whose memory is moved, not copied.
import {
  createNucleusTable,
  HovernetError,
  toContiguous,
  type LabelMap,
  type NucleusTable,
  type RawMaps,
  type TypeMap,
} from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';
import { segmentNuclei, type SegmentNucleiOptions } from '../segment-nuclei.js';

/** As `Segmentation`, with the nuclei as a table. */
export interface SegmentationTable {
  readonly instanceMap: LabelMap;
  readonly typeMap: TypeMap | null;
  readonly table: NucleusTable;
}

interface PackedArray<T> {
  readonly data: T;
  readonly shape: readonly number[];
}

interface PackedMaps {
  readonly np: PackedArray<Float32Array>;
  readonly hv: PackedArray<Float32Array>;
  readonly nc: PackedArray<Float32Array> | undefined;
}

interface PackedSegmentation {
  readonly instanceMap: PackedArray<Int32Array>;
  readonly typeMap: PackedArray<Uint8Array> | null;
  readonly table: NucleusTable;
}

/** Asks a thread for the segmentation of raw maps. */
export interface SegmentRequest {
  readonly maps: PackedMaps;
  readonly options: SegmentNucleiOptions;
}

/** What the thread answers. */
export type SegmentAnswer =
  | { readonly segmentation: PackedSegmentation }
  | { readonly failure: { readonly isArgument: boolean; readonly message: string } };

/** A message, and the memory that moves with it. */
export interface Posted<T> {
  readonly message: T;
  readonly transfer: ArrayBuffer[];
}

/** A request with copies of the maps: the caller's stay, for another thread should this one die. */
export function packRequest({ np, hv, nc }: RawMaps, options: SegmentNucleiOptions): Posted<SegmentRequest> {
  const transfer: ArrayBuffer[] = [];
  const pack = (planes: NdArray<Float32Array>): PackedArray<Float32Array> => {
    const data = toContiguous(planes).slice();
    transfer.push(data.buffer as ArrayBuffer);
    return { data, shape: planes.shape };
  };
  return { message: { maps: { np: pack(np), hv: pack(hv), nc: nc && pack(nc) }, options }, transfer };
}

/** Does what `request` asks for; never throws. */
export function answerRequest({ maps: { np, hv, nc }, options }: SegmentRequest): Posted<SegmentAnswer> {
  try {
    const rawMaps = { np: unpack(np), hv: unpack(hv), nc: nc && unpack(nc) };
    const { instanceMap, typeMap, nuclei } = segmentNuclei(rawMaps, options);
    const table = createNucleusTable(nuclei, { isTyped: typeMap !== null });
    const segmentation = { instanceMap: packOwn(instanceMap), typeMap: typeMap && packOwn(typeMap), table };
    const columns = Object.values(table).filter((column) => ArrayBuffer.isView(column));
    const arrays = [instanceMap.data, ...(typeMap ? [typeMap.data] : []), ...columns];
    return { message: { segmentation }, transfer: arrays.map(({ buffer }) => buffer as ArrayBuffer) };
  } catch (error) {
    const isArgument = error instanceof HovernetError && error.code === 'INVALID_ARGUMENT';
    const message = error instanceof Error ? error.message : String(error);
    return { message: { failure: { isArgument, message } }, transfer: [] };
  }
}

export function unpackSegmentation({ instanceMap, typeMap, table }: PackedSegmentation): SegmentationTable {
  return { instanceMap: unpack(instanceMap), typeMap: typeMap && unpack(typeMap), table };
}

/** segmentNuclei makes its maps itself: they are contiguous and fill their memory. */
function packOwn<T extends Int32Array | Uint8Array>(map: NdArray<T>): PackedArray<T> {
  return { data: map.data, shape: map.shape };
}

function unpack<T extends Float32Array | Int32Array | Uint8Array>({ data, shape }: PackedArray<T>): NdArray<T> {
  return ndarray(data, [...shape]);
}

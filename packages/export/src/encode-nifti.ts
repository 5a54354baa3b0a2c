// Encodes a map as a compressed NIfTI-1 file (.nii.gz), which is how MONAI's bundle saves its maps.
import {
  ArgumentError,
  assertLabelMap,
  toContiguous,
  UnsupportedError,
  type LabelMap,
  type TypeMap,
} from '@hovernet/core';
import { gzipSync } from 'fflate';

export interface NiftiOptions {
  /**
   * Micrometres per pixel: the file then says its pixel size in millimetres. Without it a pixel has size 1 and no unit, as
   * in the bundle's files.
   * @default null
   */
  readonly mpp?: number | null;
}

const headerBytes = 348;
const dataOffset = 352;
const longestSide = 32767;

/**
 * The bytes of a `.nii.gz` file with `map` `[height, width]`: uint32 for a label map, uint8 for a type map. The file's
 * array has shape (width, height), so that readers give `array[x, y]`; its axes are the image's (the affine has no flip).
 * The same map gives the same bytes: the gzip header holds no time.
 * @throws ShapeError if `map` is neither kind of map; UnsupportedError if a side exceeds 32,767 pixels.
 */
export function encodeNifti(map: LabelMap | TypeMap, options: NiftiOptions = {}): Uint8Array {
  const { mpp = null } = options;
  const isTypeMap = map.dimension === 2 && map.data instanceof Uint8Array;
  if (!isTypeMap) assertLabelMap('encodeNifti: map', map);
  if (mpp !== null && !(mpp > 0)) throw new ArgumentError(`encodeNifti: expected mpp > 0 or null, got ${mpp}`);
  const [height, width] = map.shape as [number, number];
  if (height > longestSide || width > longestSide) {
    throw new UnsupportedError(
      `encodeNifti: expected sides of at most ${longestSide} pixels, got ${width}×${height}; save larger maps by tile`,
    );
  }
  const elements = toContiguous<Int32Array | Uint8Array>(map);
  const file = new Uint8Array(dataOffset + elements.byteLength);
  writeHeader(new DataView(file.buffer), { width, height, bytesPerPixel: isTypeMap ? 1 : 4, mpp });
  // C order with rows of `width` is the format's Fortran order of a (width, height) array.
  file.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), dataOffset);
  return gzipSync(file, { mtime: 0 });
}

interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly bytesPerPixel: 1 | 4;
  readonly mpp: number | null;
}

/** Field offsets and codes as in nifti1.h; fields that are not written stay zero. */
function writeHeader(view: DataView, { width, height, bytesPerPixel, mpp }: Geometry): void {
  const pixelSize = mpp === null ? 1 : mpp / 1000;
  const setInt16 = (offset: number, value: number) => view.setInt16(offset, value, true);
  const setFloats = (offset: number, values: readonly number[]) =>
    values.forEach((value, index) => view.setFloat32(offset + 4 * index, value, true));

  view.setInt32(0, headerBytes, true);
  [2, width, height, 1, 1, 1, 1, 1].forEach((length, axis) => setInt16(40 + 2 * axis, length));
  setInt16(70, bytesPerPixel === 4 ? 768 : 2); // datatype: uint32 or uint8
  setInt16(72, bytesPerPixel * 8);
  setFloats(76, [1, pixelSize, pixelSize, 1, 1, 1, 1, 1]); // pixdim
  setFloats(108, [dataOffset, 1, 0]); // vox_offset, scl_slope, scl_inter
  view.setUint8(123, mpp === null ? 0 : 2); // xyzt_units: unknown or millimetres
  setInt16(254, 2); // sform_code: aligned
  setFloats(280, [pixelSize, 0, 0, 0]); // srow_x
  setFloats(296, [0, pixelSize, 0, 0]); // srow_y
  setFloats(312, [0, 0, 1, 0]); // srow_z
  [0x6e, 0x2b, 0x31, 0].forEach((byte, index) => view.setUint8(344 + index, byte)); // magic "n+1"
}

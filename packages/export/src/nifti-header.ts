// Headers of NIfTI files with one plane, by the layouts of nifti1.h and nifti2.h.

/** What the header says of a plane. */
export interface NiftiPlane {
  readonly width: number;
  readonly height: number;
  /** 4 for uint32, 1 for uint8. */
  readonly bytesPerPixel: 1 | 4;
  /** Micrometres per pixel; null leaves size 1 without a unit. */
  readonly mpp: number | null;
}

/** Codes of the two types and of millimetres; `aligned` says that the affine is the image's own. */
const codes = { uint8: 2, uint32: 768, millimetres: 2, aligned: 2 } as const;
/** Longest side that the 16-bit dimensions of NIfTI-1 hold. */
const longestSide = 32767;

/** Header and empty extension: NIfTI-1 (352 bytes), or NIfTI-2 (544 bytes) where a side is too long for it. */
export function createNiftiHeader(plane: NiftiPlane): Uint8Array<ArrayBuffer> {
  return Math.max(plane.width, plane.height) > longestSide ? createSecond(plane) : createFirst(plane);
}

function createFirst({ width, height, bytesPerPixel, mpp }: NiftiPlane): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(352);
  const view = new DataView(bytes.buffer);
  const pixelSize = sizeOf(mpp);
  const setInt16 = (offset: number, value: number) => view.setInt16(offset, value, true);
  const setFloats = (offset: number, values: readonly number[]) =>
    values.forEach((value, index) => view.setFloat32(offset + 4 * index, value, true));
  view.setInt32(0, 348, true);
  [2, width, height, 1, 1, 1, 1, 1].forEach((length, axis) => setInt16(40 + 2 * axis, length));
  setInt16(70, bytesPerPixel === 4 ? codes.uint32 : codes.uint8);
  setInt16(72, bytesPerPixel * 8);
  setFloats(76, [1, pixelSize, pixelSize, 1, 1, 1, 1, 1]); // pixdim
  setFloats(108, [bytes.length, 1, 0]); // vox_offset, scl_slope, scl_inter
  view.setUint8(123, mpp === null ? 0 : codes.millimetres); // xyzt_units
  setInt16(254, codes.aligned); // sform_code
  setFloats(280, [pixelSize, 0, 0, 0]); // srow_x
  setFloats(296, [0, pixelSize, 0, 0]); // srow_y
  setFloats(312, [0, 0, 1, 0]); // srow_z
  bytes.set([0x6e, 0x2b, 0x31, 0], 344); // magic "n+1"
  return bytes;
}

function createSecond({ width, height, bytesPerPixel, mpp }: NiftiPlane): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(544);
  const view = new DataView(bytes.buffer);
  const pixelSize = sizeOf(mpp);
  const setInt64 = (offset: number, value: number) => view.setBigInt64(offset, BigInt(value), true);
  const setDoubles = (offset: number, values: readonly number[]) =>
    values.forEach((value, index) => view.setFloat64(offset + 8 * index, value, true));
  view.setInt32(0, 540, true);
  bytes.set([0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a], 4); // magic "n+2"
  view.setInt16(12, bytesPerPixel === 4 ? codes.uint32 : codes.uint8, true);
  view.setInt16(14, bytesPerPixel * 8, true);
  [2, width, height, 1, 1, 1, 1, 1].forEach((length, axis) => setInt64(16 + 8 * axis, length));
  setDoubles(104, [1, pixelSize, pixelSize, 1, 1, 1, 1, 1]); // pixdim
  setInt64(168, bytes.length); // vox_offset
  setDoubles(176, [1, 0]); // scl_slope, scl_inter
  view.setInt32(348, codes.aligned, true); // sform_code
  setDoubles(400, [pixelSize, 0, 0, 0]); // srow_x
  setDoubles(432, [0, pixelSize, 0, 0]); // srow_y
  setDoubles(464, [0, 0, 1, 0]); // srow_z
  view.setInt32(500, mpp === null ? 0 : codes.millimetres, true); // xyzt_units
  return bytes;
}

function sizeOf(mpp: number | null): number {
  return mpp === null ? 1 : mpp / 1000;
}

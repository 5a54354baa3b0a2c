// Encodes a map as a compressed NIfTI file (.nii.gz), which is how MONAI's bundle saves its maps.
import { ArgumentError, assertLabelMap, toContiguous, type LabelMap, type TypeMap } from '@hovernet/core';
import { gzipSync } from 'fflate';
import { compressChunks } from '@hovernet/files/internal';
import { createNiftiHeader } from './nifti-header.js';
import { type MapRows } from '@hovernet/files';
import { checkRows } from '@hovernet/files/internal';

export interface NiftiOptions {
  /**
   * Micrometres per pixel: the file then says its pixel size in millimetres. Without it a pixel has size 1 and no unit, as
   * in the bundle's files.
   * @default null
   */
  readonly mpp?: number | null;
}

/** A map whose rows come one after the other. */
export interface NiftiRowsOptions extends NiftiOptions {
  readonly width: number;
  readonly height: number;
  /** `label`: uint32 of int32 ids; `type`: uint8. */
  readonly kind: 'label' | 'type';
}

/**
 * The bytes of a `.nii.gz` file with `map` `[height, width]`: uint32 for a label map, uint8 for a type map. The file's
 * array has shape (width, height), so that readers give `array[x, y]`; its axes are the image's (the affine has no flip).
 * NIfTI-1, or NIfTI-2 where a side exceeds 32,767 pixels. The same map gives the same bytes: the gzip header holds no time.
 * @throws ShapeError if `map` is neither kind of map; ArgumentError for an mpp that is not positive.
 */
export function encodeNifti(map: LabelMap | TypeMap, options: NiftiOptions = {}): Uint8Array {
  const { mpp = null } = options;
  const isTypeMap = map.dimension === 2 && map.data instanceof Uint8Array;
  if (!isTypeMap) assertLabelMap('encodeNifti: map', map);
  assertMpp(mpp);
  const [height, width] = map.shape as [number, number];
  const header = createNiftiHeader({ width, height, bytesPerPixel: isTypeMap ? 1 : 4, mpp });
  // C order with rows of `width` is the format's Fortran order of a (width, height) array.
  const elements = toContiguous<Int32Array | Uint8Array>(map);
  const file = new Uint8Array(header.length + elements.byteLength);
  file.set(header);
  file.set(bytesOf(elements), header.length);
  return gzipSync(file, { mtime: 0 });
}

/**
 * {@link encodeNifti} of a map that need not be in memory: `rows` gives any number of whole rows at a time. The voxels are the
 * same; they are compressed by the platform, not by JavaScript.
 * @throws ShapeError if fewer or more rows come; what `rows` throws.
 */
export async function* encodeNiftiRows(
  options: NiftiRowsOptions,
  rows: MapRows<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height, kind, mpp = null } = options;
  assertMpp(mpp);
  yield* compressChunks('gzip', voxelBytes({ width, height, kind, mpp }, rows));
}

async function* voxelBytes(
  { width, height, kind, mpp }: Required<NiftiRowsOptions>,
  rows: MapRows<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  yield createNiftiHeader({ width, height, bytesPerPixel: kind === 'label' ? 4 : 1, mpp });
  // The rows may lie in memory that is used again.
  for await (const chunk of checkRows('encodeNiftiRows', rows, { width, height })) yield bytesOf(chunk).slice();
}

function assertMpp(mpp: number | null): void {
  if (mpp !== null && !(mpp > 0)) throw new ArgumentError(`encodeNifti: expected mpp > 0 or null, got ${mpp}`);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

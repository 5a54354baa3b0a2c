// Small maps written as literal rows, and generators of random ones.
import { createLabelMap, createRgbImage, type LabelMap, type RgbImage } from '@hovernet/core';
import fc from 'fast-check';

/** Label map of equally long rows. */
export function labelMapOf(rows: readonly (readonly number[])[]): LabelMap {
  return createLabelMap(rows.length, rows[0]!.length, Int32Array.from(rows.flat()));
}

/** The rows of plane `channel` of `[channels, height, width]`. */
export function rowsOf(data: ArrayLike<number>, width: number, channel = 0, height = data.length / width): number[][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_value, column) => data[(channel * height + row) * width + column]!),
  );
}

/** Label maps of up to 12 × 12 pixels with few ids, so that components touch; ids have gaps. */
export const labelMaps = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([height, width]) =>
    fc
      .array(fc.constantFrom(0, 0, 3, 8, 2_000_000_000), { minLength: height * width, maxLength: height * width })
      .map((ids) => createLabelMap(height, width, Int32Array.from(ids))),
  );

/** RGB images of up to 9 × 9 pixels. */
export const rgbImages = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([height, width]) =>
    fc
      .uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 })
      .map((levels): RgbImage => createRgbImage(height, width, Uint8Array.from(levels))),
  );

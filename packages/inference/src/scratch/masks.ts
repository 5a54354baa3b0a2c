// Nuclei with their pixels: for each row of a table the bits of its box, row by row, from a whole byte on.
import type { Box, NucleusTable } from '@hovernet/core';

export interface MaskedNuclei {
  readonly table: NucleusTable;
  readonly masks: Uint8Array<ArrayBuffer>;
}

/** First byte of each nucleus' mask, and one past the last. */
export function listMaskStarts({ boxes, count }: NucleusTable): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) {
    const width = boxes[4 * row + 2]! - boxes[4 * row]!;
    const height = boxes[4 * row + 3]! - boxes[4 * row + 1]!;
    starts[row + 1] = starts[row]! + ((width * height + 7) >> 3);
  }
  return starts;
}

/** Masks of the nuclei of `table` from the pixels of `box`, in which nucleus r has the label `labelOf[r]`. */
export function createMasks(
  table: NucleusTable,
  { labels, box, labelOf }: { readonly labels: Int32Array; readonly box: Box; readonly labelOf: ArrayLike<number> },
): Uint8Array<ArrayBuffer> {
  const starts = listMaskStarts(table);
  const masks = new Uint8Array(starts[table.count]!);
  const stride = box[2] - box[0];
  for (let row = 0; row < table.count; row++) {
    const [x0, y0, x1, y1] = table.boxes.subarray(4 * row, 4 * row + 4) as unknown as Box;
    const label = labelOf[row]!;
    const first = 8 * starts[row]!;
    for (let y = y0, bit = first; y < y1; y++) {
      let from = (y - box[1]) * stride + x0 - box[0];
      for (let x = x0; x < x1; x++, bit++, from++) if (labels[from] === label) masks[bit >> 3]! |= 1 << (bit & 7);
    }
  }
  return masks;
}

/** Writes the ids of nuclei on their pixels in `labels`, which are those of `box`. */
export function paintMasks({ table, masks }: MaskedNuclei, labels: Int32Array, box: Box): void {
  const starts = listMaskStarts(table);
  const stride = box[2] - box[0];
  for (let row = 0; row < table.count; row++) {
    const [x0, y0, x1, y1] = table.boxes.subarray(4 * row, 4 * row + 4) as unknown as Box;
    const [left, right] = [Math.max(x0, box[0]), Math.min(x1, box[2])];
    const [top, bottom] = [Math.max(y0, box[1]), Math.min(y1, box[3])];
    const id = table.ids[row]!;
    for (let y = top; y < bottom; y++) {
      let bit = 8 * starts[row]! + (y - y0) * (x1 - x0) + left - x0;
      let to = (y - box[1]) * stride + left - box[0];
      for (let x = left; x < right; x++, bit++, to++) if (masks[bit >> 3]! & (1 << (bit & 7))) labels[to] = id;
    }
  }
}

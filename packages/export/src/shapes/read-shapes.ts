// The nuclei of an image with their pixels, some at a time.
import { UnsupportedError, type Box, type NucleusTable, type SegmentedImage } from '@hovernet/core';
import { createMaskCutter, type LabelWindow, type ShapeMask } from './shape-mask.js';

/** Most pixels of labels that are read at once for several nuclei, and most nuclei. */
const windowPixels = 2 ** 21;
const batchNuclei = 4096;

/** Nuclei that lie near each other. */
export interface ShapeBatch {
  readonly table: NucleusTable;
  /** Rows of the table from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  /** What covers all of their boxes. */
  readonly box: Box;
  /** The pixels of the nucleus in `row`, valid until the next call. */
  maskOf(row: number): ShapeMask;
}

/**
 * All nuclei, ascending by id. Labels are read for many nuclei at once, in memory of about 8 MiB.
 * @throws UnsupportedError where a nucleus has no pixel: its source knows no shapes.
 */
export async function* readShapes(image: SegmentedImage): AsyncGenerator<ShapeBatch, void, undefined> {
  const cut = createMaskCutter();
  for await (const table of image.nuclei.tables()) {
    for (const { start, end, box } of divideTable(table)) {
      const window: LabelWindow = { box, labels: (await image.readLabels(box)).data };
      const maskOf = (row: number) => {
        const mask = cut(window, table.ids[row]!, boxOf(table, row));
        if (mask.area > 0) return mask;
        throw new UnsupportedError(`nucleus ${table.ids[row]} has no pixel of its own; its outline is needed`);
      };
      yield { table, start, end, box, maskOf };
    }
  }
}

function* divideTable(table: NucleusTable): Generator<Pick<ShapeBatch, 'start' | 'end' | 'box'>> {
  for (let start = 0, end = 0; start < table.count; start = end) {
    let box = boxOf(table, start);
    for (end = start + 1; end < table.count && end - start < batchNuclei; end++) {
      const [x0, y0, x1, y1] = boxOf(table, end);
      const joint: Box = [Math.min(box[0], x0), Math.min(box[1], y0), Math.max(box[2], x1), Math.max(box[3], y1)];
      if ((joint[2] - joint[0]) * (joint[3] - joint[1]) > windowPixels) break;
      box = joint;
    }
    yield { start, end, box };
  }
}

function boxOf({ boxes }: NucleusTable, row: number): Box {
  return [boxes[4 * row]!, boxes[4 * row + 1]!, boxes[4 * row + 2]!, boxes[4 * row + 3]!];
}

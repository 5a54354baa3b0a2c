// Nuclei that were read from a file, and the image they make: what every format writes is made of it.
import {
  copyArray,
  createLabelMap,
  createNucleusTable,
  cropView,
  getNucleus,
  UnsupportedError,
  type Box,
  type ImageSource,
  type LabelMap,
  type Nucleus,
  type NucleusClass,
  type NucleusTable,
  type SegmentedImage,
} from '@hovernet/core';
import type { ImageDescription } from '../nuclei-document.js';
import { fillContour, type Runs } from '../shapes/fill-polygon.js';

/** What a file of results holds. */
export interface NucleiFile {
  /** Sides are those of the nuclei's common box where the file does not say them. */
  readonly image: ImageDescription;
  readonly classes: readonly NucleusClass[];
  readonly isTyped: boolean;
  /** Ascending by id. A nucleus without contour has an unknown shape. */
  readonly table: NucleusTable;
  /** Pixels of the nucleus in `row`, where the file holds more than its contour. */
  readonly runsOf?: ((row: number) => Runs) | undefined;
  /** The instance map, where the file is one. */
  readonly labels?: LabelMap | undefined;
  /** A sentence for each thing that was left out. @default [] */
  readonly warnings?: readonly string[];
}

/**
 * `file` as a segmented image, for the encoders of formats; `image` is the picture it was made of. Where nuclei share pixels, the
 * later one has them.
 */
export function toSegmentedImage(file: NucleiFile, image?: ImageSource): SegmentedImage {
  const { width, height, mpp } = file.image;
  const { table, classes, isTyped } = file;
  const runsOf = file.runsOf ?? ((row: number) => fillContour(contourOf(table, row)));
  const typeOf = new Map(Array.from(table.ids, (id, row) => [id, table.types?.[row] ?? 0]));
  const index = createRowIndex(table);
  return {
    width,
    height,
    mpp,
    classes,
    isTyped,
    cells: 1,
    hasImage: image !== undefined,
    image: image ?? { width, height, mpp, read: refuse, close: () => Promise.resolve() },
    nuclei: {
      count: table.count,
      async *tables() {
        yield await Promise.resolve(table);
      },
      inRows: (y0, y1) => Promise.resolve(selectRows(table, index(y0, y1))),
      typesOf: (ids) => Uint8Array.from(ids, (id) => typeOf.get(id) ?? 0),
    },
    readLabels: ([x0, y0, x1, y1]) => {
      if (file.labels) return Promise.resolve(copyArray(cropView(file.labels, [x0, y0, x1, y1])));
      const labels = createLabelMap(y1 - y0, x1 - x0);
      for (const row of index(y0, y1)) {
        if (table.boxes[4 * row]! < x1 && table.boxes[4 * row + 2]! > x0)
          paintRuns(labels.data, [x0, y0, x1, y1], { runs: runsOf(row), id: table.ids[row]! });
      }
      return Promise.resolve(labels);
    },
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new UnsupportedError('the image of these nuclei is not known; give it with --image'));
}

function paintRuns(labels: Int32Array, [x0, y0, x1, y1]: Box, { runs, id }: { runs: Runs; id: number }): void {
  for (let i = 0; i < runs.length; i += 3) {
    const y = runs[i]!;
    if (y < y0 || y >= y1) continue;
    const [from, to] = [Math.max(runs[i + 1]!, x0), Math.min(runs[i + 2]!, x1)];
    if (from < to) labels.fill(id, (y - y0) * (x1 - x0) + from - x0, (y - y0) * (x1 - x0) + to - x0);
  }
}

function contourOf({ contourStarts, contourPoints }: NucleusTable, row: number): Int32Array {
  return contourPoints.subarray(2 * contourStarts[row]!, 2 * contourStarts[row + 1]!);
}

/** Rows of the image that are looked up together. */
const bandPx = 256;

/** Rows of the table, ascending, whose boxes meet the image's rows from `y0` to before `y1`. */
function createRowIndex({ count, boxes }: NucleusTable): (y0: number, y1: number) => number[] {
  const bands: number[][] = [];
  for (let row = 0; row < count; row++) {
    const last = Math.floor((boxes[4 * row + 3]! - 1) / bandPx);
    for (let band = Math.max(0, Math.floor(boxes[4 * row + 1]! / bandPx)); band <= last; band++)
      (bands[band] ??= []).push(row);
  }
  return (y0, y1) => {
    const found = new Set<number>();
    for (let band = Math.max(0, Math.floor(y0 / bandPx)); band * bandPx < y1 && band < bands.length; band++) {
      for (const row of bands[band] ?? []) if (boxes[4 * row + 1]! < y1 && boxes[4 * row + 3]! > y0) found.add(row);
    }
    return [...found].sort((a, b) => a - b);
  };
}

function selectRows(table: NucleusTable, rows: readonly number[]): NucleusTable {
  const nuclei: Nucleus[] = rows.map((row) => getNucleus(table, row));
  return createNucleusTable(nuclei, { isTyped: table.types !== null });
}

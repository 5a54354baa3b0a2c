// Nuclei as columns of typed arrays: what threads, stores and files exchange.
import type { Nucleus, Point } from './nucleus.js';

/** Nuclei in rows, ascending by id. A column's length is `count` unless it says otherwise. */
export interface NucleusTable {
  readonly count: number;
  readonly ids: Int32Array;
  /** x0, y0, x1, y1 of each: 4 × `count`; half-open. */
  readonly boxes: Int32Array;
  /** x, y of each: 2 × `count`. */
  readonly centroids: Float64Array;
  /** Class ids; null without a type branch. */
  readonly types: Uint8Array | null;
  /** 0…1; null without a type branch. */
  readonly typeProbabilities: Float64Array | null;
  /** Row r's contour is the points from `contourStarts[r]` to before `contourStarts[r + 1]`: `count` + 1. */
  readonly contourStarts: Uint32Array;
  /** x, y of the points of all contours: 2 × the last of `contourStarts`. */
  readonly contourPoints: Int32Array;
}

/** A table of `nuclei`, which all have a type or all have none; `isTyped` says it of no nucleus. */
export function createNucleusTable(
  nuclei: readonly Nucleus[],
  { isTyped = nuclei.some(({ type }) => type !== null) }: { readonly isTyped?: boolean } = {},
): NucleusTable {
  const count = nuclei.length;
  const table = {
    count,
    ids: new Int32Array(count),
    boxes: new Int32Array(4 * count),
    centroids: new Float64Array(2 * count),
    types: isTyped ? new Uint8Array(count) : null,
    typeProbabilities: isTyped ? new Float64Array(count) : null,
    contourStarts: new Uint32Array(count + 1),
    contourPoints: new Int32Array(2 * nuclei.reduce((sum, { contour }) => sum + contour.length, 0)),
  };
  let at = 0;
  nuclei.forEach(({ id, box, centroid, type, typeProbability, contour }, row) => {
    table.ids[row] = id;
    table.boxes.set(box, 4 * row);
    table.centroids.set(centroid, 2 * row);
    if (table.types) table.types[row] = type ?? 0;
    if (table.typeProbabilities) table.typeProbabilities[row] = typeProbability ?? 0;
    for (const [x, y] of contour) {
      table.contourPoints[at++] = x;
      table.contourPoints[at++] = y;
    }
    table.contourStarts[row + 1] = at / 2;
  });
  return table;
}

/** The nucleus in row `row` of `table`. */
export function getNucleus(table: NucleusTable, row: number): Nucleus {
  const { ids, boxes, centroids, types, typeProbabilities, contourStarts, contourPoints } = table;
  const contour: Point[] = [];
  for (let point = contourStarts[row]!; point < contourStarts[row + 1]!; point++)
    contour.push([contourPoints[2 * point]!, contourPoints[2 * point + 1]!]);
  return {
    id: ids[row]!,
    box: [boxes[4 * row]!, boxes[4 * row + 1]!, boxes[4 * row + 2]!, boxes[4 * row + 3]!],
    centroid: [centroids[2 * row]!, centroids[2 * row + 1]!],
    contour,
    type: types ? types[row]! : null,
    typeProbability: typeProbabilities ? typeProbabilities[row]! : null,
  };
}

/** All nuclei of `table`. */
export function listNuclei(table: NucleusTable): Nucleus[] {
  return Array.from({ length: table.count }, (_, row) => getNucleus(table, row));
}

// Some rows of a table of nuclei.
import type { NucleusTable } from '@hovernet/core';

/** The rows `rows` of `table`, in this order. */
export function selectRows(table: NucleusTable, rows: readonly number[]): NucleusTable {
  const { ids, boxes, centroids, types, typeProbabilities, contourStarts: starts, contourPoints } = table;
  const count = rows.length;
  const contourStarts = new Uint32Array(count + 1);
  rows.forEach((row, to) => (contourStarts[to + 1] = contourStarts[to]! + starts[row + 1]! - starts[row]!));
  const points = new Int32Array(2 * contourStarts[count]!);
  rows.forEach((row, to) =>
    points.set(contourPoints.subarray(2 * starts[row]!, 2 * starts[row + 1]!), 2 * contourStarts[to]!),
  );
  return {
    count,
    ids: Int32Array.from(rows, (row) => ids[row]!),
    boxes: Int32Array.from({ length: 4 * count }, (_, i) => boxes[4 * rows[i >> 2]! + (i & 3)]!),
    centroids: Float64Array.from({ length: 2 * count }, (_, i) => centroids[2 * rows[i >> 1]! + (i & 1)]!),
    types: types && Uint8Array.from(rows, (row) => types[row]!),
    typeProbabilities: typeProbabilities && Float64Array.from(rows, (row) => typeProbabilities[row]!),
    contourStarts,
    contourPoints: points,
  };
}

// Minimum-cost matching over a sparse list of allowed pairs, by shortest augmenting paths that stay local.
import type { OverlapTable } from './overlap-table.js';

/** Allowed pairs of rows and columns; `edgeRows` ascends, costs are finite. */
export interface MatchingProblem {
  readonly rows: number;
  readonly columns: number;
  readonly edgeRows: Int32Array;
  readonly edgeColumns: Int32Array;
  readonly costs: Float64Array;
  /** What a row without a column costs: 0 with costs −weight gives the matching of greatest weight. */
  readonly unmatchedCost: number;
}

/**
 * Matches rows to columns one to one, along edges only, so that the costs of the chosen edges plus `unmatchedCost` per
 * unmatched row are smallest. Work grows with the edges around each row, memory with rows + columns + edges.
 * @returns the chosen edge of each row, −1 where it stays unmatched.
 */
export function matchSparse(problem: MatchingProblem): Int32Array {
  const { rows, columns, edgeColumns, costs, unmatchedCost } = problem;
  const rowStarts = findRowStarts(problem);
  const u = new Float64Array(rows);
  const v = new Float64Array(columns);
  const edgeOfRow = new Int32Array(rows).fill(-1);
  const rowOfColumn = new Int32Array(columns).fill(-1);
  const distances = new Float64Array(columns).fill(Infinity);
  const previousEdge = new Int32Array(columns);
  // Columns of the current search: [0, closed) are settled, [closed, touched) are its frontier.
  const search = new Int32Array(columns);

  for (let start = 0; start < rows; start++) {
    let closed = 0;
    let touched = 0;
    let row = start;
    let distance = 0;
    let sink = -1;
    // A row may end the path by giving up its column: the best such end so far.
    let endDistance = Infinity;
    let endRow = start;
    for (;;) {
      if (distance + unmatchedCost - u[row]! < endDistance) {
        endDistance = distance + unmatchedCost - u[row]!;
        endRow = row;
      }
      for (let edge = rowStarts[row]!; edge < rowStarts[row + 1]!; edge++) {
        const column = edgeColumns[edge]!;
        const length = distance + costs[edge]! - u[row]! - v[column]!;
        const known = distances[column]!;
        if (!(length < known)) continue;
        if (known === Infinity) search[touched++] = column;
        // No path to a settled column is shorter, but rounding may say so in the last bit.
        else if (isSettled(search, closed, column)) continue;
        distances[column] = length;
        previousEdge[column] = edge;
      }
      const nearestAt = findNearest(search, closed, touched, distances);
      if (nearestAt < 0 || distances[search[nearestAt]!]! > endDistance) {
        distance = endDistance;
        break;
      }
      const column = search[nearestAt]!;
      search[nearestAt] = search[closed]!;
      search[closed++] = column;
      distance = distances[column]!;
      if (rowOfColumn[column] === -1) {
        sink = column;
        break;
      }
      row = rowOfColumn[column]!;
    }

    u[start]! += distance;
    for (let k = 0; k < closed; k++) {
      const column = search[k]!;
      const slack = distance - distances[column]!;
      v[column]! -= slack;
      if (column !== sink) u[rowOfColumn[column]!]! += slack;
    }
    const freed = sink >= 0 ? sink : giveUpColumn(endRow, edgeOfRow, edgeColumns);
    if (freed >= 0) flipPath(start, freed, { problem, previousEdge, edgeOfRow, rowOfColumn });
    for (let k = 0; k < touched; k++) distances[search[k]!] = Infinity;
  }
  return edgeOfRow;
}

/** Offsets into the edges of each row, `rows + 1` of them. */
function findRowStarts({ rows, edgeRows }: MatchingProblem): Int32Array {
  const starts = new Int32Array(rows + 1);
  for (let edge = 0; edge < edgeRows.length; edge++) starts[edgeRows[edge]! + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  return starts;
}

function isSettled(search: Int32Array, closed: number, column: number): boolean {
  for (let k = 0; k < closed; k++) if (search[k] === column) return true;
  return false;
}

function findNearest(search: Int32Array, from: number, to: number, distances: Float64Array): number {
  let nearest = Infinity;
  let nearestAt = -1;
  for (let k = from; k < to; k++) {
    if (distances[search[k]!]! < nearest) {
      nearest = distances[search[k]!]!;
      nearestAt = k;
    }
  }
  return nearestAt;
}

/** Unmatches `row` and returns the column it had, −1 if none. */
function giveUpColumn(row: number, edgeOfRow: Int32Array, edgeColumns: Int32Array): number {
  const edge = edgeOfRow[row]!;
  edgeOfRow[row] = -1;
  return edge < 0 ? -1 : edgeColumns[edge]!;
}

/** Reassigns the rows along the augmenting path that ends at column `end`. */
function flipPath(
  start: number,
  end: number,
  state: { problem: MatchingProblem; previousEdge: Int32Array; edgeOfRow: Int32Array; rowOfColumn: Int32Array },
): void {
  let column = end;
  for (;;) {
    const edge = state.previousEdge[column]!;
    const row = state.problem.edgeRows[edge]!;
    const freedEdge = state.edgeOfRow[row]!;
    state.edgeOfRow[row] = edge;
    state.rowOfColumn[column] = row;
    if (row === start) return;
    column = state.problem.edgeColumns[freedEdge]!;
  }
}

/** The pair chosen for each truth, −1 for none, so that the sum of `weights` (≥ 0, one for each pair) is greatest. */
export function matchOverlaps(table: OverlapTable, weights: Float64Array): Int32Array {
  return matchSparse({
    rows: table.truthIds.length,
    columns: table.predictionIds.length,
    edgeRows: table.pairTruths,
    edgeColumns: table.pairPredictions,
    costs: weights.map((weight) => -weight),
    unmatchedCost: 0,
  });
}

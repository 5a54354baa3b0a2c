// Rectangular linear assignment by shortest augmenting paths (Jonker and Volgenant 1987; Crouse 2016).
import { ArgumentError } from '@hovernet/core';

/**
 * Assigns rows to columns, min(rows, columns) of them, at the smallest total cost.
 * @param costs `[rows, columns]`, C order, finite, any sign.
 * @returns the column of each row, −1 for rows left over (where rows > columns).
 * Among equal candidates a path prefers to end, then the lower column, so that constant costs give the identity.
 * O(rows · columns · min(rows, columns)) at worst, O(rows + columns) memory beside the costs (and their transpose where
 * rows > columns).
 * @throws ArgumentError if the costs do not fit the counts or are not finite.
 */
export function solveAssignment(costs: Float64Array, rows: number, columns: number): Int32Array {
  if (costs.length !== rows * columns) {
    throw new ArgumentError(`solveAssignment: expected ${rows} × ${columns} costs, got ${costs.length}`);
  }
  const invalid = costs.findIndex((cost) => !Number.isFinite(cost));
  if (invalid >= 0)
    throw new ArgumentError(`solveAssignment: expected finite costs, got ${costs[invalid]} at ${invalid}`);
  if (rows <= columns) return assignRows(costs, rows, columns);

  const rowOfColumn = assignRows(transpose(costs, rows, columns), columns, rows);
  const columnOfRow = new Int32Array(rows).fill(-1);
  rowOfColumn.forEach((row, column) => (columnOfRow[row] = column));
  return columnOfRow;
}

/** Needs rows ≤ columns. Reduced costs c[i,j] − u[i] − v[j] stay ≥ 0 for assigned rows, and 0 on assigned pairs. */
function assignRows(costs: Float64Array, rows: number, columns: number): Int32Array {
  const u = new Float64Array(rows);
  const v = new Float64Array(columns);
  const columnOfRow = new Int32Array(rows).fill(-1);
  const rowOfColumn = new Int32Array(columns).fill(-1);
  const distances = new Float64Array(columns);
  const previousRow = new Int32Array(columns);
  // Columns not reached yet come first; reached ones follow, the last reached foremost.
  const open = new Int32Array(columns);

  for (let start = 0; start < rows; start++) {
    for (let k = 0; k < columns; k++) open[k] = columns - 1 - k;
    distances.fill(Infinity);
    let openCount = columns;
    let row = start;
    let distance = 0;
    let sink = -1;
    while (sink < 0) {
      const rowCosts = row * columns;
      const shift = u[row]!;
      let nearest = Infinity;
      let nearestAt = -1;
      for (let k = 0; k < openCount; k++) {
        const column = open[k]!;
        const length = distance + costs[rowCosts + column]! - shift - v[column]!;
        if (length < distances[column]!) {
          distances[column] = length;
          previousRow[column] = row;
        }
        const known = distances[column]!;
        if (known < nearest || (known === nearest && rowOfColumn[column] === -1)) {
          nearest = known;
          nearestAt = k;
        }
      }
      const column = open[nearestAt]!;
      distance = nearest;
      open[nearestAt] = open[--openCount]!;
      open[openCount] = column;
      if (rowOfColumn[column] === -1) sink = column;
      else row = rowOfColumn[column]!;
    }

    u[start]! += distance;
    for (let k = openCount; k < columns; k++) {
      const column = open[k]!;
      const slack = distance - distances[column]!;
      v[column]! -= slack;
      if (column !== sink) u[rowOfColumn[column]!]! += slack;
    }
    flipPath(start, sink, { previousRow, columnOfRow, rowOfColumn });
  }
  return columnOfRow;
}

/** Reassigns the rows along the augmenting path that ends at column `sink`. */
function flipPath(
  start: number,
  sink: number,
  state: { previousRow: Int32Array; columnOfRow: Int32Array; rowOfColumn: Int32Array },
): void {
  let column = sink;
  for (;;) {
    const row = state.previousRow[column]!;
    const freed = state.columnOfRow[row]!;
    state.rowOfColumn[column] = row;
    state.columnOfRow[row] = column;
    if (row === start) return;
    column = freed;
  }
}

function transpose(costs: Float64Array, rows: number, columns: number): Float64Array {
  const transposed = new Float64Array(costs.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) transposed[column * rows + row] = costs[row * columns + column]!;
  }
  return transposed;
}

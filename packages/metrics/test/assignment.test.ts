import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveAssignment } from '../src/index.js';

describe('solveAssignment', () => {
  it('finds the cheapest assignment of a square matrix', () => {
    const costs = Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2);
    expect([...solveAssignment(costs, 3, 3)]).toEqual([1, 0, 2]);
  });

  it('leaves columns over where there are more of them', () => {
    expect([...solveAssignment(Float64Array.of(5, 2, 9, 2, 1, 9), 2, 3)]).toEqual([1, 0]);
  });

  it('leaves rows over where there are more of them', () => {
    expect([...solveAssignment(Float64Array.of(5, 2, 2, 1, 9, 9), 3, 2)]).toEqual([1, 0, -1]);
  });

  it('gives the identity for constant costs', () => {
    expect([...solveAssignment(new Float64Array(20).fill(3), 4, 5)]).toEqual([0, 1, 2, 3]);
  });

  it('takes empty sides', () => {
    expect([...solveAssignment(new Float64Array(0), 0, 4)]).toEqual([]);
    expect([...solveAssignment(new Float64Array(0), 3, 0)]).toEqual([-1, -1, -1]);
  });

  it('refuses costs that do not fit or are not finite', () => {
    expect(() => solveAssignment(new Float64Array(5), 2, 3)).toThrow('2 × 3');
    expect(() => solveAssignment(Float64Array.of(1, NaN), 1, 2)).toThrow('NaN at 1');
  });
});

describe('solveAssignment, for random costs,', () => {
  const problems = fc
    .record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 6 }) })
    .chain(({ rows, columns }) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        costs: fc.float64Array({
          minLength: rows * columns,
          maxLength: rows * columns,
          min: -100,
          max: 100,
          noNaN: true,
        }),
      }),
    );

  it('is one to one and as cheap as the best of all assignments', () => {
    fc.assert(
      fc.property(problems, ({ rows, columns, costs }) => {
        const columnOfRow = solveAssignment(costs, rows, columns);
        const used = [...columnOfRow].filter((column) => column >= 0);
        expect(new Set(used).size).toBe(Math.min(rows, columns));
        let total = 0;
        columnOfRow.forEach((column, row) => (total += column < 0 ? 0 : costs[row * columns + column]!));
        expect(total).toBeCloseTo(cheapestTotal(costs, rows, columns), 9);
      }),
    );
  });
});

/** Tries every assignment. */
function cheapestTotal(costs: Float64Array, rows: number, columns: number, row = 0, used = 0): number {
  if (row === rows) return countBits(used) === Math.min(rows, columns) ? 0 : Infinity;
  let best = rows > columns ? cheapestTotal(costs, rows, columns, row + 1, used) : Infinity;
  for (let column = 0; column < columns; column++) {
    if (used & (1 << column)) continue;
    const rest = cheapestTotal(costs, rows, columns, row + 1, used | (1 << column));
    best = Math.min(best, costs[row * columns + column]! + rest);
  }
  return best;
}

function countBits(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

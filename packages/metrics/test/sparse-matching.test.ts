import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchSparse, solveAssignment, type MatchingProblem } from '../src/index.js';

type Edge = readonly [row: number, column: number, cost: number];

function defineProblem(rows: number, columns: number, edges: readonly Edge[], unmatchedCost: number): MatchingProblem {
  return {
    rows,
    columns,
    edgeRows: Int32Array.from(edges, ([row]) => row),
    edgeColumns: Int32Array.from(edges, ([, column]) => column),
    costs: Float64Array.from(edges, ([, , cost]) => cost),
    unmatchedCost,
  };
}

describe('matchSparse', () => {
  const edges: Edge[] = [
    [0, 0, 1],
    [0, 1, 5],
    [1, 0, 2],
    [2, 2, 9],
  ];

  it('matches as many rows as it can where unmatched rows are dear', () => {
    expect([...matchSparse(defineProblem(3, 3, edges, 100))]).toEqual([1, 2, 3]);
  });

  it('leaves rows unmatched where that is cheaper', () => {
    expect([...matchSparse(defineProblem(3, 3, edges, 3))]).toEqual([0, -1, -1]);
  });

  it('maximises the weight where unmatched rows cost nothing', () => {
    const weights: Edge[] = [
      [0, 0, -0.6],
      [1, 0, -0.7],
      [1, 1, -0.2],
    ];
    expect([...matchSparse(defineProblem(2, 2, weights, 0))]).toEqual([0, 2]);
  });

  it('takes problems without edges', () => {
    expect([...matchSparse(defineProblem(2, 0, [], 1))]).toEqual([-1, -1]);
    expect([...matchSparse(defineProblem(0, 2, [], 1))]).toEqual([]);
  });

  it('costs as much as a dense assignment with a private way out for every row', () => {
    const problems = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })).chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        edges: fc.uniqueArray(
          fc.tuple(
            fc.integer({ min: 0, max: rows - 1 }),
            fc.integer({ min: 0, max: columns - 1 }),
            fc.double({ min: -10, max: 10, noNaN: true }),
          ),
          { selector: ([row, column]) => row * columns + column },
        ),
        unmatchedCost: fc.double({ min: -5, max: 30, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(problems, ({ rows, columns, edges, unmatchedCost }) => {
        const sorted = [...edges].sort((a, b) => a[0] - b[0]);
        const edgeOfRow = matchSparse(defineProblem(rows, columns, sorted, unmatchedCost));
        const chosen = [...edgeOfRow].filter((edge) => edge >= 0).map((edge) => sorted[edge]!);
        expect(new Set(chosen.map(([, column]) => column)).size).toBe(chosen.length);
        edgeOfRow.forEach((edge, row) => expect(edge < 0 ? row : sorted[edge]![0]).toBe(row));
        const total = chosen.reduce((sum, [, , cost]) => sum + cost, 0) + unmatchedCost * (rows - chosen.length);
        expect(total).toBeCloseTo(denseTotal(rows, columns, sorted, unmatchedCost), 7);
      }),
    );
  });
});

function denseTotal(rows: number, columns: number, edges: readonly Edge[], unmatchedCost: number): number {
  const width = columns + rows;
  const costs = new Float64Array(rows * width).fill(1e6);
  for (const [row, column, cost] of edges) costs[row * width + column] = cost;
  for (let row = 0; row < rows; row++) costs[row * width + columns + row] = unmatchedCost;
  let total = 0;
  solveAssignment(costs, rows, width).forEach((column, row) => (total += costs[row * width + column]!));
  return total;
}

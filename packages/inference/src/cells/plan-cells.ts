// Cells that a large image is segmented in: their cores divide it, and each is seen with a halo around it.
import { ArgumentError, type Box, type Cell, type Point } from '@hovernet/core';

export interface CellPlan {
  readonly height: number;
  readonly width: number;
  /** Row by row. */
  readonly cells: readonly Cell[];
  /** Ends of the rows of cores, from 0 to `height`; and of their columns. */
  readonly rowEnds: readonly number[];
  readonly columnEnds: readonly number[];
  /** Number of the cell in whose core a point of the image lies. */
  ownerOf(point: Point): number;
}

export interface PlanCellsOptions {
  /** Longest side of a core; null for one cell. */
  readonly cellPx: number | null;
  /** Pixels around a core. */
  readonly haloPx: number;
  /**
   * `even`: cores of about equal size. `lattice`: cores of `cellPx` from (0, 0), cut off at the image's end, so that a
   * pixel's cell does not depend on the image's size. @default 'even'
   */
  readonly division?: 'even' | 'lattice';
}

/**
 * Cells for an image of `height` × `width` pixels.
 * @throws ArgumentError unless both sides are positive.
 */
export function planCells(height: number, width: number, options: PlanCellsOptions): CellPlan {
  const { cellPx, haloPx, division = 'even' } = options;
  if (!(height > 0 && width > 0))
    throw new ArgumentError(`planCells: expected a non-empty image, got ${width}×${height}`);
  const rows = divide(height, cellPx ?? height, division);
  const columns = divide(width, cellPx ?? width, division);
  return planOf(height, width, rows, columns, ([x0, y0, x1, y1]) => [
    Math.max(0, x0 - haloPx),
    Math.max(0, y0 - haloPx),
    Math.min(width, x1 + haloPx),
    Math.min(height, y1 + haloPx),
  ]);
}

/** The plan with these ends of cores; `see` gives what a cell sees. */
export function planOf(
  height: number,
  width: number,
  rowEnds: readonly number[],
  columnEnds: readonly number[],
  see: (core: Box, index: number) => Box,
): CellPlan {
  const columns = columnEnds.length - 1;
  const cells = rowEnds.slice(1).flatMap((y1, row) =>
    columnEnds.slice(1).map((x1, column): Cell => {
      const core = [columnEnds[column]!, rowEnds[row]!, x1, y1] as const;
      const index = row * columns + column;
      return { index, core, seen: see(core, index) };
    }),
  );
  return {
    height,
    width,
    cells,
    rowEnds,
    columnEnds,
    ownerOf: ([x, y]) => partOf(rowEnds, y) * columns + partOf(columnEnds, x),
  };
}

/** Ends of parts of at most `partPx`, from 0 to `length`. */
function divide(length: number, partPx: number, division: 'even' | 'lattice'): number[] {
  const parts = Math.ceil(length / partPx);
  const end = (index: number) =>
    division === 'even' ? Math.round((index * length) / parts) : Math.min(length, index * partPx);
  return Array.from({ length: parts + 1 }, (_, index) => end(index));
}

function partOf(ends: readonly number[], position: number): number {
  const end = ends.findIndex((value) => value > position);
  return (end < 0 ? ends.length - 1 : end) - 1;
}

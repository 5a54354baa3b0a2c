// Where the pixels of a warped image come from: one line of output at a time.
import { ShapeError, toContiguous, type Box } from '@hovernet/core';
import type { AffineMatrix } from './compose-affine-matrix.js';
import type { DisplacementField } from './draw-displacement.js';
import { resolveRegion, type FieldShape } from './region.js';

export interface WarpOptions {
  /**
   * Part of the output to compute; the result has its size. The matrix still refers to the centre of the whole field.
   * @default the whole field
   */
  readonly region?: Box;
  /**
   * Displacement of each pixel of the whole output field: pixel p shows what would be at p + displacement without it.
   * @default none
   */
  readonly displacement?: DisplacementField;
}

export interface SourceTrace {
  /** The part of the output. */
  readonly region: Box;
  /** Source rows and columns of the line that was traced last, not rounded, one for each column of the region. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** Traces the line of output row `y`. */
  traceLine(y: number): void;
}

/**
 * Sources are `matrix` · (centred row, centred column, 1) of the output pixel, displaced if so asked. `operation` names the
 * caller in errors.
 *
 * @throws ShapeError unless the displacement fits `field`, ArgumentError if the region leaves it.
 */
export function traceSources(
  operation: string,
  field: FieldShape,
  { matrix, region, displacement }: WarpOptions & { readonly matrix: AffineMatrix },
): SourceTrace {
  const [height, width] = field as [number, number];
  const box = resolveRegion(operation, field, region);
  const [x0, , x1] = box;
  const rows = new Float64Array(x1 - x0);
  const columns = new Float64Array(x1 - x0);
  const [[rowByRow, rowByColumn, rowShift], [columnByRow, columnByColumn, columnShift]] = matrix;
  const centerRow = (height - 1) / 2;
  const centerColumn = (width - 1) / 2;
  if (displacement && displacement.shape.join() !== [2, height, width].join()) {
    const got = `[${displacement.shape.join(', ')}]`;
    throw new ShapeError(`${operation}: displacement`, `[2, ${height}, ${width}]`, got);
  }
  const shifts = displacement && toContiguous(displacement);

  function traceStraight(y: number): void {
    const fromRow = rowByRow * (y - centerRow);
    const fromColumn = columnByRow * (y - centerRow);
    for (let x = x0, i = 0; x < x1; x++, i++) {
      rows[i] = fromRow + rowByColumn * (x - centerColumn) + rowShift + centerRow;
      columns[i] = fromColumn + columnByColumn * (x - centerColumn) + columnShift + centerColumn;
    }
  }

  function traceDisplaced(y: number, by: Float32Array): void {
    const plane = height * width;
    for (let x = x0, i = 0, at = y * width + x0; x < x1; x++, i++, at++) {
      const row = y + by[at]! - centerRow;
      const column = x + by[plane + at]! - centerColumn;
      rows[i] = rowByRow * row + rowByColumn * column + rowShift + centerRow;
      columns[i] = columnByRow * row + columnByColumn * column + columnShift + centerColumn;
    }
  }

  return { region: box, rows, columns, traceLine: shifts ? (y) => traceDisplaced(y, shifts) : traceStraight };
}

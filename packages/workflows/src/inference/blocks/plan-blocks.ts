// Blocks that a large image is segmented in: their cores divide it, and each is seen with a margin around it.
import { ArgumentError, type Box, type Point } from '@hovernet/core';

export interface Block {
  /** Its number, row by row. */
  readonly index: number;
  /** The part of the image that is this block's own. */
  readonly core: Box;
  /** The core and the margin around it, cut off at the image's border. */
  readonly seen: Box;
}

export interface BlockPlan {
  readonly height: number;
  readonly width: number;
  /** Row by row. */
  readonly blocks: readonly Block[];
  /** Number of the block in whose core a point of the image lies. */
  ownerOf(point: Point): number;
}

export interface PlanBlocksOptions {
  /** Longest side of a core; null for one block. */
  readonly blockPx: number | null;
  /** Pixels around a core. */
  readonly marginPx: number;
}

/**
 * Blocks of about equal size for an image of `height` × `width` pixels.
 * @throws ArgumentError unless both sides are positive.
 */
export function planBlocks(height: number, width: number, { blockPx, marginPx }: PlanBlocksOptions): BlockPlan {
  if (!(height > 0 && width > 0))
    throw new ArgumentError(`planBlocks: expected a non-empty image, got ${width}×${height}`);
  const rows = divide(height, blockPx ?? height);
  const columns = divide(width, blockPx ?? width);
  const blocks = rows.slice(1).flatMap((y1, row) =>
    columns.slice(1).map((x1, column): Block => {
      const [x0, y0] = [columns[column]!, rows[row]!];
      return {
        index: row * (columns.length - 1) + column,
        core: [x0, y0, x1, y1],
        seen: [
          Math.max(0, x0 - marginPx),
          Math.max(0, y0 - marginPx),
          Math.min(width, x1 + marginPx),
          Math.min(height, y1 + marginPx),
        ],
      };
    }),
  );
  return {
    height,
    width,
    blocks,
    ownerOf: ([x, y]) => partOf(rows, y) * (columns.length - 1) + partOf(columns, x),
  };
}

/** Ends of equal parts of at most `partPx`, from 0 to `length`. */
function divide(length: number, partPx: number): number[] {
  const parts = Math.ceil(length / partPx);
  return Array.from({ length: parts + 1 }, (_, index) => Math.round((index * length) / parts));
}

function partOf(ends: readonly number[], position: number): number {
  const end = ends.findIndex((value) => value > position);
  return (end < 0 ? ends.length - 1 : end) - 1;
}

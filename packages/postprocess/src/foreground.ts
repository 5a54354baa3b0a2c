// The pixels of a mask, packed: what is needed of them alone takes memory and time for them alone.
import { findRuns, type Runs } from './runs.js';

/** The runs of a mask; its pixels are counted in raster order, run r begins with pixel `offset[r]`. */
export interface Foreground extends Runs {
  readonly height: number;
  readonly width: number;
  /** One more than there are runs: the last one is `count`. */
  readonly offset: Int32Array;
  /** Number of pixels inside. */
  readonly count: number;
}

/** Packs the non-zero pixels of a mask in C order. */
export function packForeground(mask: Uint8Array, height: number, width: number): Foreground {
  const runs = findRuns(mask, height, width, true);
  const offset = new Int32Array(runs.start.length + 1);
  for (let run = 0; run < runs.start.length; run++) {
    offset[run + 1] = offset[run]! + runs.end[run]! - runs.start[run]!;
  }
  return { ...runs, height, width, offset, count: offset[runs.start.length]! };
}

/** The values of a plane inside, packed. */
export function packValues(foreground: Foreground, plane: Float32Array | Float64Array): Float32Array {
  const packed = new Float32Array(foreground.count);
  forEachRun(foreground, (first, end, at) => packed.set(plane.subarray(first, end), at));
  return packed;
}

/** Plane with packed values inside and 0 outside. */
export function unpackValues(foreground: Foreground, packed: Float32Array): Float32Array {
  const plane = new Float32Array(foreground.height * foreground.width);
  forEachRun(foreground, (first, end, at) => plane.set(packed.subarray(at, at + end - first), first));
  return plane;
}

/** Calls `visit` with the raster indices [first, end) of every run and where its packed values begin. */
export function forEachRun(foreground: Foreground, visit: (first: number, end: number, at: number) => void): void {
  const { height, width, rowOffset, start, end, offset } = foreground;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let run = rowOffset[y]!; run < rowOffset[y + 1]!; run++)
      visit(row + start[run]!, row + end[run]!, offset[run]!);
  }
}

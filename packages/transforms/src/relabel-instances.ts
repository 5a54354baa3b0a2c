// Connected components of equal ids: separates nuclei that mirroring or cutting gave the same id.
// Runs of each row are joined with those of the row above in a union-find forest (He, Chao and Suzuki 2008).
import { assertLabelMap, createLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
import { scanRuns } from './scan-runs.js';

export interface RelabelOptions {
  /**
   * Neighbours of a pixel: 8 joins across corners, 4 does not.
   * @default 8
   */
  readonly connectivity?: 4 | 8;
}

/**
 * Gives every connected component of equal ids its own id, 1…N in the raster order of first pixels; 0 stays 0.
 * As step 3 of the training transforms. O(pixels); `instanceMap` `[height, width]` is not changed.
 *
 * @throws ShapeError unless `instanceMap` is int32 of rank 2.
 */
export function relabelInstances(instanceMap: LabelMap, options: RelabelOptions = {}): LabelMap {
  assertLabelMap('relabelInstances', instanceMap);
  const [height, width] = instanceMap.shape as [number, number];
  const runs = linkRuns(toContiguous(instanceMap), height, width, options.connectivity === 4 ? 0 : 1);
  const output = new Int32Array(height * width);
  const idOfRun = new Int32Array(runs.starts.length);
  let count = 0;
  for (let run = 0; run < idOfRun.length; run++) {
    const root = findRoot(runs.parents, run);
    const id = root === run ? ++count : idOfRun[root]!;
    idOfRun[run] = id;
    const row = runs.rows[run]! * width;
    output.fill(id, row + runs.starts[run]!, row + runs.ends[run]!);
  }
  return createLabelMap(height, width, output);
}

interface LinkedRuns {
  readonly rows: number[];
  readonly starts: number[];
  readonly ends: number[];
  /** Union-find forest; a root is the first run of its component. */
  readonly parents: number[];
}

function linkRuns(labels: Int32Array, height: number, width: number, reach: 0 | 1): LinkedRuns {
  const runs: LinkedRuns = { rows: [], starts: [], ends: [], parents: [] };
  const { rows, starts, ends, parents } = runs;
  const ids: number[] = [];
  let currentRow = -1;
  let currentFirst = 0;
  let above = 0;
  let aboveEnd = 0;
  scanRuns(labels, width, [0, 0, width, height], (row, start, end, id) => {
    const run = starts.length;
    if (row !== currentRow) {
      above = row === currentRow + 1 ? currentFirst : run;
      aboveEnd = run;
      currentFirst = run;
      currentRow = row;
    }
    rows.push(row);
    starts.push(start);
    ends.push(end);
    ids.push(id);
    parents.push(run);
    while (above < aboveEnd && ends[above]! + reach <= start) above++;
    for (let other = above; other < aboveEnd && starts[other]! < end + reach; other++) {
      if (ids[other] === id) joinRuns(parents, other, run);
    }
  });
  return runs;
}

function joinRuns(parents: number[], first: number, second: number): void {
  const a = findRoot(parents, first);
  const b = findRoot(parents, second);
  if (a < b) parents[b] = a;
  else parents[a] = b;
}

function findRoot(parents: number[], run: number): number {
  let node = run;
  while (parents[node] !== node) {
    parents[node] = parents[parents[node]!]!;
    node = parents[node]!;
  }
  return node;
}

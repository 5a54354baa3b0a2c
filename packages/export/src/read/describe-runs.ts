// What is said of a nucleus that is known by its pixels.
import { createLabelMap, type Nucleus, type Point } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import { boundRuns, type Runs } from '../shapes/fill-polygon.js';

/** Box, centroid and contour of the pixels of `runs`; null where there are none. */
export function describeRuns(runs: Runs): Pick<Nucleus, 'box' | 'centroid' | 'contour'> | null {
  const box = boundRuns(runs);
  if (!box) return null;
  const [x0, y0, x1, y1] = box;
  const mask = createLabelMap(y1 - y0, x1 - x0);
  const sum = [0, 0, 0] as [area: number, x: number, y: number];
  for (let i = 0; i < runs.length; i += 3) {
    const [y, from, to] = [runs[i]!, runs[i + 1]!, runs[i + 2]!];
    mask.data.fill(1, (y - y0) * (x1 - x0) + from - x0, (y - y0) * (x1 - x0) + to - x0);
    sum[0] += to - from;
    sum[1] += ((from + to - 1) * (to - from)) / 2;
    sum[2] += y * (to - from);
  }
  const { contour } = describeNuclei(mask)[0]!;
  return {
    box,
    centroid: [sum[1] / sum[0], sum[2] / sum[0]],
    contour: contour.map(([x, y]): Point => [x + x0, y + y0]),
  };
}

/** `runs` inside an image: columns from 0 to before `width`, rows to before `height`. */
export function clipRuns(runs: Runs, width: number, height: number): Runs {
  const clipped: number[] = [];
  for (let i = 0; i < runs.length; i += 3) {
    const [y, from, to] = [runs[i]!, Math.max(0, runs[i + 1]!), Math.min(width, runs[i + 2]!)];
    if (y >= 0 && y < height && from < to) clipped.push(y, from, to);
  }
  return clipped;
}

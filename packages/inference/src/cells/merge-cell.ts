// Adds the nuclei of a cell to those of the cells before it: where two cells claim a pixel, the first keeps it.
import {
  createLabelMap,
  createNucleusTable,
  getNucleus,
  type Box,
  type Nucleus,
  type NucleusTable,
} from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import { createMasks, paintMasks, type MaskedNuclei } from '../scratch/masks.js';
import type { NucleusStore } from '../scratch/nucleus-store.js';
import { moveNucleus } from './select-nuclei.js';

/**
 * Adds a cell's own nuclei to the store and returns those that were kept. Cells come in the order of their plan. A nucleus is kept
 * where at least half of its pixels are free; it gets those that are. Ids follow those of the cells before.
 */
export async function mergeCell(own: MaskedNuclei, seen: Box, store: NucleusStore): Promise<NucleusTable> {
  const { table } = own;
  if (table.count === 0) return table;
  const taken = await store.readLabels(seen);
  const labels = new Int32Array(taken.length);
  paintMasks(own, labels, seen);
  const area = new Int32Array(table.count + 1);
  const free = new Int32Array(table.count + 1);
  for (let i = 0; i < labels.length; i++) {
    const id = labels[i]!;
    area[id]!++;
    if (taken[i] === 0) free[id]!++;
    else labels[i] = 0;
  }
  const labelOf: number[] = [];
  const kept: Nucleus[] = [];
  for (let row = 0; row < table.count; row++) {
    const nucleus = getNucleus(table, row);
    const [pixels, left] = [area[nucleus.id]!, free[nucleus.id]!];
    if (2 * left < pixels) continue;
    const whole = left === pixels ? nucleus : describeRest(nucleus, labels, seen);
    kept.push({ ...whole, id: store.count + labelOf.push(nucleus.id) });
  }
  const merged = createNucleusTable(kept, { isTyped: table.types !== null });
  await store.append({ table: merged, masks: createMasks(merged, { labels, box: seen, labelOf }) });
  return merged;
}

/** Box, centroid and contour of the pixels that are left to a nucleus; its type stays. */
function describeRest(nucleus: Nucleus, labels: Int32Array, seen: Box): Nucleus {
  const [x0, y0, x1, y1] = nucleus.box;
  const map = createLabelMap(y1 - y0, x1 - x0);
  const stride = seen[2] - seen[0];
  let area = 0;
  for (let y = y0, at = 0; y < y1; y++) {
    for (let x = x0; x < x1; x++, at++) {
      if (labels[(y - seen[1]) * stride + x - seen[0]] !== nucleus.id) continue;
      map.data[at] = 1;
      area++;
    }
  }
  const { box, centroid, contour } = moveNucleus(describeNuclei(map)[0]!, [x0, y0, x1, y1], area);
  return { ...nucleus, box, centroid, contour };
}

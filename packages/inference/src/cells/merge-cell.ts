// Adds the nuclei of a cell to those of the cells before it: each nucleus is kept once, by the cell that owns its centroid.
import {
  createLabelMap,
  createNucleusTable,
  getNucleus,
  toContiguous,
  type Box,
  type Cell,
  type LabelMap,
  type Nucleus,
  type NucleusTable,
  type Point,
} from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import type { NucleusStore } from '../scratch/nucleus-store.js';
import type { Plane } from '../scratch/plane.js';
import type { CellPlan } from './plan-cells.js';

/** What the cells of an image are merged into. */
export interface MergedCells {
  /** Ids of nuclei, int32. */
  readonly labels: Plane;
  readonly nuclei: NucleusStore;
}

/** What post-processing found in a cell; ids 1…n, positions relative to what the cell sees. */
export interface CellNuclei {
  readonly instanceMap: LabelMap;
  readonly table: NucleusTable;
}

/**
 * How far a centroid may lie beyond the core, in that of a cell before. Two cells may see a nucleus a little differently, and
 * each its centroid on the other's side.
 */
const slackPx = 16;

/**
 * Adds what `cell` sees and returns the nuclei that were kept, in the image's pixels. Cells come in the order of `plan`. A
 * nucleus is kept where its centroid lies in the cell's core, or up to 16 pixels beyond it in that of a cell before, and at
 * least half of its pixels are free; it gets those that are. Ids follow those of the cells before.
 */
export async function mergeCell(
  plan: CellPlan,
  cell: Cell,
  { instanceMap, table }: CellNuclei,
  merged: MergedCells,
): Promise<NucleusTable> {
  const found = toContiguous(instanceMap);
  if (plan.cells.length === 1) {
    await merged.labels.write(cell.seen, new Uint8Array(found.buffer, found.byteOffset, found.byteLength));
    await merged.nuclei.append(table);
    return table;
  }
  const labels = new Int32Array((await merged.labels.read(cell.seen)).buffer);
  const { area, free } = countPixels(found, labels, table.count);
  const newIds = new Int32Array(table.count + 1);
  const kept: Nucleus[] = [];
  for (let row = 0; row < table.count; row++) {
    const nucleus = getNucleus(table, row);
    const pixels = area[nucleus.id]!;
    const moved = moveNucleus(nucleus, cell.seen, pixels);
    if (!belongsTo(plan, cell, moved.centroid) || 2 * free[nucleus.id]! < pixels) continue;
    newIds[nucleus.id] = merged.nuclei.count + kept.length + 1;
    kept.push({ ...moved, id: newIds[nucleus.id]! });
  }
  for (let i = 0; i < found.length; i++) if (labels[i] === 0) labels[i] = newIds[found[i]!]!;
  const changed = new Set<number>();
  for (const id of table.ids) if (free[id]! < area[id]!) changed.add(newIds[id]!);
  const described = createNucleusTable(
    kept.map((nucleus) => (changed.has(nucleus.id) ? describeRest(nucleus, labels, cell.seen) : nucleus)),
    { isTyped: table.types !== null },
  );
  await merged.labels.write(cell.seen, new Uint8Array(labels.buffer));
  await merged.nuclei.append(described);
  return described;
}

/** Pixels of each nucleus, and how many of them no cell before has taken. */
function countPixels(found: Int32Array, labels: Int32Array, nuclei: number) {
  const area = new Int32Array(nuclei + 1);
  const free = new Int32Array(nuclei + 1);
  for (let i = 0; i < found.length; i++) {
    const id = found[i]!;
    area[id]!++;
    if (labels[i] === 0) free[id]!++;
  }
  return { area, free };
}

function belongsTo(plan: CellPlan, { index, core }: Cell, centroid: Point): boolean {
  const owner = plan.ownerOf(centroid);
  if (owner >= index) return owner === index;
  const [x, y] = centroid;
  const [x0, y0, x1, y1] = core;
  return Math.max(x0 - x, x - x1, y0 - y, y - y1) <= slackPx;
}

/** `nucleus` of `area` pixels in the image's coordinates; its centroid is the exact quotient that the whole image would give. */
function moveNucleus(nucleus: Nucleus, [left, top]: Box, area: number): Nucleus {
  const [x0, y0, x1, y1] = nucleus.box;
  const mean = (local: number, offset: number) => (Math.round(local * area) + offset * area) / area;
  return {
    ...nucleus,
    box: [x0 + left, y0 + top, x1 + left, y1 + top],
    centroid: [mean(nucleus.centroid[0], left), mean(nucleus.centroid[1], top)],
    contour: nucleus.contour.map(([x, y]) => [x + left, y + top]),
  };
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

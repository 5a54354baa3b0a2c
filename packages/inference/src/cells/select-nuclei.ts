// The nuclei of a cell that are its own, whatever the other cells found: what a journal keeps.
import {
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
import { createMasks, type MaskedNuclei } from '../scratch/masks.js';
import type { CellPlan } from './plan-cells.js';

/** What post-processing found in a cell; ids 1…n, positions relative to what the cell sees. */
export interface CellNuclei {
  readonly instanceMap: LabelMap;
  readonly table: NucleusTable;
}

/** A cell's own nuclei: ids 1…n, positions in the image. */
export interface OwnNuclei extends MaskedNuclei {
  /** How many of them belong to a group of touching nuclei that goes on beyond what the cell sees. */
  readonly beyondHalo: number;
}

/**
 * How far a centroid may lie beyond the core, in that of a cell before. Two cells may see a nucleus a little differently, and
 * each its centroid on the other's side.
 */
export const slackPx = 16;

/**
 * The nuclei of `cell` whose centroids lie in its core, or up to 16 pixels beyond it in that of a cell before, and where
 * `isTissue`.
 */
export function selectNuclei(
  plan: CellPlan,
  cell: Cell,
  { instanceMap, table }: CellNuclei,
  isTissue: (point: Point) => boolean = () => true,
): OwnNuclei {
  const labels = toContiguous(instanceMap);
  const area = new Int32Array(table.count + 1);
  for (let i = 0; i < labels.length; i++) area[labels[i]!]!++;
  const labelOf: number[] = [];
  const own: Nucleus[] = [];
  for (let row = 0; row < table.count; row++) {
    const nucleus = moveNucleus(getNucleus(table, row), cell.seen, area[table.ids[row]!]!);
    if (!belongsTo(plan, cell, nucleus.centroid) || !isTissue(nucleus.centroid)) continue;
    own.push({ ...nucleus, id: labelOf.push(nucleus.id) });
  }
  const ownTable = createNucleusTable(own, { isTyped: table.types !== null });
  const beyond = listBeyond(labels, cell.seen, plan);
  return {
    table: ownTable,
    masks: createMasks(ownTable, { labels, box: cell.seen, labelOf }),
    beyondHalo: labelOf.filter((label) => beyond.has(label)).length,
  };
}

function belongsTo(plan: CellPlan, { index, core }: Cell, centroid: Point): boolean {
  const owner = plan.ownerOf(centroid);
  if (owner >= index) return owner === index;
  const [x, y] = centroid;
  const [x0, y0, x1, y1] = core;
  return Math.max(x0 - x, x - x1, y0 - y, y - y1) <= slackPx;
}

/** `nucleus` of `area` pixels in the image's coordinates; its centroid is the exact quotient that the whole image would give. */
export function moveNucleus(nucleus: Nucleus, [left, top]: Box, area: number): Nucleus {
  const [x0, y0, x1, y1] = nucleus.box;
  const mean = (local: number, offset: number) => (Math.round(local * area) + offset * area) / area;
  return {
    ...nucleus,
    box: [x0 + left, y0 + top, x1 + left, y1 + top],
    centroid: [mean(nucleus.centroid[0], left), mean(nucleus.centroid[1], top)],
    contour: nucleus.contour.map(([x, y]) => [x + left, y + top]),
  };
}

/** Labels of groups of touching nuclei that meet a border of `seen` which is not the image's. */
function listBeyond(labels: Int32Array, [x0, y0, x1, y1]: Box, plan: CellPlan): Set<number> {
  const [width, height] = [x1 - x0, y1 - y0];
  const reached = new Uint8Array(labels.length);
  const open: number[] = [];
  const reach = (at: number) => {
    if (labels[at] === 0 || reached[at] === 1) return;
    reached[at] = 1;
    open.push(at);
  };
  for (let x = 0; x < width; x++) {
    if (y0 > 0) reach(x);
    if (y1 < plan.height) reach((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    if (x0 > 0) reach(y * width);
    if (x1 < plan.width) reach(y * width + width - 1);
  }
  const beyond = new Set<number>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    beyond.add(labels[at]!);
    const x = at % width;
    if (x > 0) reach(at - 1);
    if (x < width - 1) reach(at + 1);
    if (at >= width) reach(at - width);
    if (at < labels.length - width) reach(at + width);
  }
  return beyond;
}

// Puts the nuclei of a block to those of the blocks before it: each nucleus is kept once, by the block that owns its centroid.
import { createLabelMap, toContiguous, type Box, type Nucleus, type Point, type Segmentation } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import type { NucleiSpool } from './nuclei-spool.js';
import type { Block, BlockPlan } from './plan-blocks.js';
import type { PlaneFile } from './plane-file.js';

/** What the blocks of an image are merged into. */
export interface MergedImage {
  /** Ids of nuclei, int32. */
  readonly labels: PlaneFile;
  readonly nuclei: NucleiSpool;
}

/**
 * How far a centroid may lie beyond the core, in that of a block before. Two blocks may see a nucleus a little differently, and
 * each its centroid on the other's side.
 */
const slackPx = 16;

/**
 * Adds what `block` sees. Blocks come in the order of `plan`. A nucleus is kept where its centroid lies in the block's core,
 * or up to 16 pixels beyond it in that of a block before, and at least half of its pixels are free; it gets those that are.
 * Ids go on from those of the blocks before.
 */
export async function mergeBlock(
  plan: BlockPlan,
  block: Block,
  { instanceMap, nuclei }: Segmentation,
  merged: MergedImage,
): Promise<void> {
  const found = toContiguous(instanceMap);
  if (plan.blocks.length === 1) {
    await merged.labels.write(block.seen, new Uint8Array(found.buffer, found.byteOffset, found.byteLength));
    return merged.nuclei.append(nuclei);
  }
  const labels = new Int32Array((await merged.labels.read(block.seen)).buffer);
  const { area, free } = countPixels(found, labels, nuclei.length);
  const newIds = new Int32Array(nuclei.length + 1);
  const kept: Nucleus[] = [];
  for (const nucleus of nuclei) {
    const pixels = area[nucleus.id]!;
    const moved = moveNucleus(nucleus, block.seen, pixels);
    if (!belongsTo(plan, block, moved.centroid) || 2 * free[nucleus.id]! < pixels) continue;
    newIds[nucleus.id] = merged.nuclei.count + kept.length + 1;
    kept.push({ ...moved, id: newIds[nucleus.id]! });
  }
  for (let i = 0; i < found.length; i++) if (labels[i] === 0) labels[i] = newIds[found[i]!]!;
  const changed = new Set(nuclei.flatMap(({ id }) => (free[id]! < area[id]! ? [newIds[id]!] : [])));
  const described = kept.map((nucleus) =>
    changed.has(nucleus.id) ? describeRest(nucleus, labels, block.seen) : nucleus,
  );
  await merged.labels.write(block.seen, new Uint8Array(labels.buffer));
  await merged.nuclei.append(described);
}

/** Pixels of each nucleus, and how many of them no block before has taken. */
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

function belongsTo(plan: BlockPlan, { index, core }: Block, centroid: Point): boolean {
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

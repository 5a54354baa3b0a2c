// Seeded nuclei as CoNSeP's: sizes, shapes, density and contacts, and the raw maps of a network that sees them with noise.
import {
  createLabelMap,
  createPlanes,
  createRandom,
  createTypeMap,
  type LabelMap,
  type Point,
  type Random,
  type RawMaps,
  type TypeMap,
} from '@hovernet/core';
import { computeHoverMaps } from '../compute-hover-maps.js';

/** Labels of a square image. */
export interface LabelledScene {
  readonly instanceMap: LabelMap;
  readonly typeMap: TypeMap;
}

/** Classes of the nuclei; 0 is background. */
const classes = 4;

/** CoNSeP's tiles have 593 nuclei a megapixel on average; so many are left of 620 by a segmentation. */
const nucleiPerPixel = 620e-6;

/** Larger scenes are this one, mirrored. */
const largestDrawnPx = 1000;

/** Areas of CoNSeP's nuclei: mean and deviation of their logarithm, and the range of most of them. */
const logArea = { mean: 5.4, deviation: 0.75, least: 40, most: 1200 };

/** Share of nuclei that are placed beside another, and how far from its centre: seven components for ten nuclei. */
const neighbours = { share: 0.35, leastPx: 8, mostPx: 22 };

/**
 * A square scene with 620 nuclei a megapixel, the same for the same arguments: ellipses that touch and cut a little of each
 * other, every one mostly visible. Beyond 1000 pixels it is mirrored, and a nucleus at the seam meets its mirror image.
 */
export function createLabelledScene(sidePx: number, seed = 1): LabelledScene {
  const drawnPx = Math.min(sidePx, largestDrawnPx);
  const random = createRandom(seed);
  const drawn = { instanceMap: createLabelMap(drawnPx, drawnPx), typeMap: createTypeMap(drawnPx, drawnPx) };
  const count = Math.round(nucleiPerPixel * drawnPx * drawnPx);
  const centers: Point[] = [];
  while (centers.length < count) {
    const center = chooseCenter(centers, drawnPx, random);
    if (drawNucleus(drawn, centers.length + 1, center, random)) centers.push(center);
  }
  return drawnPx === sidePx ? drawn : mirrorScene(drawn, sidePx, count);
}

/** Hash noise in −1…1 of pixel `i` in stream `t`, as the recipe of the references' golden maps has it. */
function noise(i: number, t: number): number {
  let h = Math.imul(i, 2654435761) + Math.imul(t, 40503) + 12345;
  h ^= h >>> 16;
  h = Math.imul(h, 2246822519);
  h ^= h >>> 13;
  return (h >>> 0) / 2 ** 31 - 1;
}

/** Raw maps of a network that sees `scene`, with noise: logits of ±3, HoVer maps of 0.95, as the references' golden maps. */
export function createLabelledMaps({ instanceMap, typeMap }: LabelledScene): RawMaps {
  const [height, width] = instanceMap.shape as [number, number];
  const size = height * width;
  const np = createPlanes(2, height, width);
  const hv = computeHoverMaps(instanceMap);
  const nc = createPlanes(classes + 1, height, width);
  for (let i = 0; i < size; i++) {
    const inside = instanceMap.data[i]! > 0;
    const logit = (inside ? 3 : -3) + 1.5 * noise(i, 1);
    np.data[i] = -logit;
    np.data[size + i] = logit;
    for (let k = 0; k < 2; k++) {
      const at = k * size + i;
      const shaken = inside ? 0.95 * hv.data[at]! + 0.08 * noise(i, 2 + k) : 0.1 * noise(i, 2 + k);
      hv.data[at] = Math.min(1, Math.max(-1, shaken));
    }
    for (let c = 0; c <= classes; c++) {
      nc.data[c * size + i] = (typeMap.data[i] === c ? 3 : 0) + 2 * noise(i, 10 + c);
    }
  }
  return { np, hv, nc };
}

function chooseCenter(centers: readonly Point[], sidePx: number, random: Random): Point {
  const anywhere: Point = [random.uniform(0, sidePx), random.uniform(0, sidePx)];
  const isBeside = random.chance(neighbours.share);
  const distance = random.uniform(neighbours.leastPx, neighbours.mostPx);
  const angle = random.uniform(0, 2 * Math.PI);
  if (!isBeside || centers.length === 0) return anywhere;
  const [x, y] = centers[random.integer(centers.length)]!;
  return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
}

/** Draws an ellipse behind those that are there; false where they leave less than four fifths of it. */
function drawNucleus({ instanceMap, typeMap }: LabelledScene, id: number, center: Point, random: Random): boolean {
  const pixels = listEllipse(instanceMap.shape[1]!, center, random);
  const free = pixels.filter((at) => instanceMap.data[at] === 0);
  if (free.length < 0.8 * pixels.length || free.length < logArea.least / 2) return false;
  const type = 1 + random.integer(classes);
  for (const at of free) {
    instanceMap.data[at] = id;
    typeMap.data[at] = type;
  }
  return true;
}

/** Indices of the pixels of a random ellipse around `center` in a square of `sidePx`. */
function listEllipse(sidePx: number, [centerX, centerY]: Point, random: Random): number[] {
  const drawn = Math.exp(random.normal(logArea.mean, logArea.deviation));
  const area = Math.min(logArea.most, Math.max(logArea.least, drawn));
  const aspect = random.uniform(0.35, 1);
  const long = Math.sqrt(area / (Math.PI * aspect));
  const short = long * aspect;
  const angle = random.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const pixels: number[] = [];
  for (let y = Math.max(0, Math.ceil(centerY - long)); y < Math.min(sidePx, centerY + long); y++) {
    for (let x = Math.max(0, Math.ceil(centerX - long)); x < Math.min(sidePx, centerX + long); x++) {
      const along = (cos * (x - centerX) + sin * (y - centerY)) / long;
      const across = (cos * (y - centerY) - sin * (x - centerX)) / short;
      if (along * along + across * across <= 1) pixels.push(y * sidePx + x);
    }
  }
  return pixels;
}

/** `scene` in the upper left, mirrored to the right and down; every copy of its `count` nuclei has ids of its own. */
function mirrorScene(scene: LabelledScene, sidePx: number, count: number): LabelledScene {
  const drawnPx = scene.instanceMap.shape[0]!;
  const copies = Math.ceil(sidePx / drawnPx);
  const mirror = (x: number) => (Math.floor(x / drawnPx) % 2 === 0 ? x % drawnPx : drawnPx - 1 - (x % drawnPx));
  const instanceMap = createLabelMap(sidePx, sidePx);
  const typeMap = createTypeMap(sidePx, sidePx);
  for (let y = 0, at = 0; y < sidePx; y++) {
    for (let x = 0; x < sidePx; x++, at++) {
      const from = mirror(y) * drawnPx + mirror(x);
      const id = scene.instanceMap.data[from]!;
      if (id === 0) continue;
      const copy = Math.floor(y / drawnPx) * copies + Math.floor(x / drawnPx);
      instanceMap.data[at] = id + copy * count;
      typeMap.data[at] = scene.typeMap.data[from]!;
    }
  }
  return { instanceMap, typeMap };
}

// Seeded images with nuclei to measure networks on: ellipses on noise, with their labels.
import {
  createLabelMap,
  createRandom,
  createRgbImage,
  createTypeMap,
  type LabelMap,
  type RgbImage,
  type TypeMap,
} from '@hovernet/core';

/** An image and its labels, all `side` × `side` pixels. */
export interface Scene {
  readonly image: RgbImage;
  readonly instanceMap: LabelMap;
  readonly typeMap: TypeMap;
}

/** Classes of the nuclei in a scene; 0 is background. */
export const sceneClasses = 4;

/** Nuclei per pixel, as in dense tissue at 0.25 µm per pixel. */
const density = 600e-6;

interface Ellipse {
  readonly id: number;
  readonly type: number;
  readonly center: readonly [x: number, y: number];
  readonly radiiPx: readonly [x: number, y: number];
}

/** A square scene; the same for the same arguments. */
export function createScene(sidePx: number, seed = 1): Scene {
  const random = createRandom(seed);
  const image = createRgbImage(sidePx, sidePx);
  const instanceMap = createLabelMap(sidePx, sidePx);
  const typeMap = createTypeMap(sidePx, sidePx);
  for (let i = 0; i < image.data.length; i++) image.data[i] = 150 + random.integer(100);
  for (const ellipse of listEllipses(sidePx, seed)) {
    visitEllipse(ellipse, sidePx, (at) => {
      instanceMap.data[at] = ellipse.id;
      typeMap.data[at] = ellipse.type;
      image.data.fill(60 + 20 * ellipse.type, 3 * at, 3 * at + 3);
    });
  }
  return { image, instanceMap, typeMap };
}

function listEllipses(sidePx: number, seed: number): Ellipse[] {
  const random = createRandom(seed).fork(2);
  return Array.from({ length: Math.round(density * sidePx * sidePx) }, (_, index) => ({
    id: index + 1,
    type: 1 + random.integer(sceneClasses),
    center: [random.integer(sidePx), random.integer(sidePx)],
    radiiPx: [random.uniform(7, 15), random.uniform(7, 15)],
  }));
}

/** Calls `visit` with the index of every pixel inside. */
function visitEllipse(
  { center: [centerX, centerY], radiiPx: [radiusX, radiusY] }: Ellipse,
  sidePx: number,
  visit: (at: number) => void,
): void {
  for (let y = Math.max(0, Math.ceil(centerY - radiusY)); y < Math.min(sidePx, centerY + radiusY); y++) {
    for (let x = Math.max(0, Math.ceil(centerX - radiusX)); x < Math.min(sidePx, centerX + radiusX); x++) {
      const [h, v] = [(x - centerX) / radiusX, (y - centerY) / radiusY];
      if (h * h + v * v <= 1) visit(y * sidePx + x);
    }
  }
}

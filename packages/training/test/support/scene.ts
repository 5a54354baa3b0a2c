// Seeded images with nuclei: ellipses on noise, with their labels.
import { createLabelMap, createRandom, createRgbImage, createTypeMap, type LabelledImage } from '@hovernet/core';

/** A square scene with nuclei of four types, as dense as tissue at 0.25 µm per pixel; the same for the same arguments. */
export function createScene(sidePx: number, seed = 1): LabelledImage {
  const random = createRandom(seed);
  const image = createRgbImage(sidePx, sidePx);
  const instanceMap = createLabelMap(sidePx, sidePx);
  const typeMap = createTypeMap(sidePx, sidePx);
  for (let i = 0; i < image.data.length; i++) image.data[i] = 150 + random.integer(100);
  const shapes = createRandom(seed).fork(2);
  for (let id = 1; id <= Math.round(600e-6 * sidePx * sidePx); id++) {
    const type = 1 + shapes.integer(4);
    const [centerX, centerY] = [shapes.integer(sidePx), shapes.integer(sidePx)];
    const [radiusX, radiusY] = [shapes.uniform(7, 15), shapes.uniform(7, 15)];
    for (let y = Math.max(0, Math.ceil(centerY - radiusY)); y < Math.min(sidePx, centerY + radiusY); y++) {
      for (let x = Math.max(0, Math.ceil(centerX - radiusX)); x < Math.min(sidePx, centerX + radiusX); x++) {
        if (((x - centerX) / radiusX) ** 2 + ((y - centerY) / radiusY) ** 2 > 1) continue;
        const at = y * sidePx + x;
        instanceMap.data[at] = id;
        typeMap.data[at] = type;
        image.data.fill(60 + 20 * type, 3 * at, 3 * at + 3);
      }
    }
  }
  return { image, instanceMap, typeMap };
}

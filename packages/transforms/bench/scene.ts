// Seeded patches with nuclei for benchmarks: ellipses on noise.
import { createLabelMap, createRandom, createRgbImage, createTypeMap, type LabelledImage } from '@hovernet/core';

/** A square patch with `nuclei` ellipses of radii 5…11 pixels; the same for the same arguments. */
export function createScene(size: number, nuclei: number, seed = 1): LabelledImage {
  const random = createRandom(seed);
  const image = createRgbImage(size, size);
  const instanceMap = createLabelMap(size, size);
  const typeMap = createTypeMap(size, size);
  for (let i = 0; i < image.data.length; i++) image.data[i] = 100 + random.integer(150);
  for (let id = 1; id <= nuclei; id++) {
    const [cy, cx] = [random.uniform(0, size), random.uniform(0, size)];
    const [ry, rx] = [random.uniform(5, 11), random.uniform(5, 11)];
    for (let y = Math.max(0, Math.ceil(cy - ry)); y < Math.min(size, cy + ry); y++) {
      for (let x = Math.max(0, Math.ceil(cx - rx)); x < Math.min(size, cx + rx); x++) {
        if (((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 > 1) continue;
        instanceMap.set(y, x, id);
        typeMap.set(y, x, 1 + (id % 4));
      }
    }
  }
  return { image, instanceMap, typeMap };
}

import { createLabelMap, createRandom, createRgbImage, createTypeMap } from '@hovernet/core';
import { collateBatch, createTrainPipeline, prepareSample } from '../src/index.js';

const image = createRgbImage(540, 540, new Uint8Array(540 * 540 * 3).fill(200));
const instanceMap = createLabelMap(540, 540);
const typeMap = createTypeMap(540, 540);
for (let y = 260; y < 280; y++) {
  instanceMap.set(y, 270, 7);
  typeMap.set(y, 270, 3);
}

const patch = prepareSample({ image, instanceMap, typeMap });
const pipeline = createTrainPipeline({ augment: { hue: [-0.02, 0.02], median: false } });
const sample = await pipeline(patch, createRandom(321));
export const batch = collateBatch([sample], { classes: 5 });

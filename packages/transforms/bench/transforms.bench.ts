// Run with: npx vitest bench --root packages/transforms
import { createRandom } from '@hovernet/core';
import { bench, describe } from 'vitest';
import { addNoise, drawNoise } from '../src/add-noise.js';
import { adjustHue } from '../src/adjust-hue.js';
import { drawDisplacement } from '../src/draw-displacement.js';
import { filterMedian } from '../src/filter-median.js';
import {
  adjustStains,
  computeHoverMaps,
  createTrainPipeline,
  createValidationPipeline,
  noAugmentation,
  prepareSample,
  relabelInstances,
} from '../src/index.js';
import { smoothBinomial } from '../src/smooth-binomial.js';
import { smoothGaussian, truncateToUint8 } from '../src/smooth-gaussian.js';
import { warpNearest } from '../src/warp-fields.js';
import { createScene } from './scene.js';

describe.each([
  [270, 25],
  [540, 100],
  [1080, 400],
])('label maps of %i² with %i nuclei', (size, nuclei) => {
  const { instanceMap } = createScene(size, nuclei);
  const matrix = [
    [0.9, -0.3, 2],
    [0.3, 1.1, -4],
    [0, 0, 1],
  ] as const;
  bench('relabelInstances', () => void relabelInstances(instanceMap));
  bench('computeHoverMaps', () => void computeHoverMaps(instanceMap));
  bench('warpNearest', () => void warpNearest(instanceMap, matrix));
  bench('drawDisplacement', () => void drawDisplacement(createRandom(1), [size, size], { sigmaPx: 10, alphaPx: 2 }));
});

describe('RGB windows of 256²', () => {
  const { image } = createScene(256, 20);
  bench(
    'smoothGaussian, σ 1.1',
    () => void truncateToUint8(smoothGaussian(image, { sigmaRowsPx: 1.1, sigmaColumnsPx: 1.1 })),
  );
  bench('smoothBinomial, 5×5', () => void smoothBinomial(image, { rowsPx: 5, columnsPx: 5 }));
  bench('filterMedian', () => void filterMedian(image));
  bench('filterMedian, 5×5', () => void filterMedian(image, { sizePx: 5 }));
  bench(
    'drawNoise and addNoise',
    () => void truncateToUint8(addNoise(image, drawNoise(createRandom(1), [256, 256], 0.05))),
  );
  bench('adjustHue', () => void adjustHue(image, 0.03));
  bench('adjustStains', () => void adjustStains(image, { scale: [1.1, 0.9, 1], shift: [0.02, 0, 0] }));
});

describe('whole pipelines, 540² with 100 nuclei to 256² and 164²', () => {
  const sample = prepareSample(createScene(540, 100));
  const colors = { brightness: [0.9, 1.1], contrast: [0.95, 1.1], saturation: [0.8, 1.2], hue: [-0.04, 0.04] } as const;
  const only = { ...noAugmentation, rotation: [-Math.PI, Math.PI], ...colors } as const;
  const pipelines = {
    'train with smoothing': createTrainPipeline({ augment: { ...only, smoothSigmaPx: [0.1, 1.1] } }),
    'train with median': createTrainPipeline({ augment: { ...only, median: true } }),
    'train with noise': createTrainPipeline({ augment: { ...only, noiseDeviation: [0, 0.05] } }),
    'train with stains and elastic': createTrainPipeline({ augment: { ...only, stain: {}, elastic: {} } }),
    validation: createValidationPipeline(),
  };
  for (const [name, pipeline] of Object.entries(pipelines)) {
    const random = createRandom(7);
    bench(name, () => {
      pipeline(sample, random);
    });
  }
});

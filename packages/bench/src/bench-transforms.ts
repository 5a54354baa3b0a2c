// Times what a patch costs on its way to the network, at three sizes.
import { createRandom } from '@hovernet/core';
import {
  computeHoverMaps,
  createTrainPipeline,
  createValidationPipeline,
  prepareSample,
  type AugmentOptions,
} from '@hovernet/transforms';
import type { Bench } from './bench-case.js';
import { javascriptRunner, measureImageCase } from './measure-case.js';
import { createScene } from './scene.js';

const sidesPx = [270, 540, 1080];

/** Window and output of the bundle in its patch of 540 pixels; in the same proportion in the others. */
const bundlePx = { patch: 540, window: 256, output: 164 };

const noFilter = { smoothSigmaPx: false, median: false, noiseDeviation: false } as const;

/** One filter each, the widest blur; then everything beyond the bundle. */
const augmentations: Readonly<Record<string, AugmentOptions>> = {
  'train-blur': { ...noFilter, smoothSigmaPx: [1.1, 1.1] },
  'train-median': { ...noFilter, median: true },
  'train-noise': { ...noFilter, noiseDeviation: [0, 0.05] },
  'train-stain-elastic': { ...noFilter, stain: {}, elastic: {} },
};

/**
 * Cases such as `train-noise 540x540`. `prepare` happens once a patch, `train-*` and `validation` each time that it is
 * used; `hover-maps` is a part of both, here for the whole patch.
 */
export const benchTransforms: Bench = async function* ({ runs = 20 }, context) {
  for (const sidePx of sidesPx) {
    const scene = createScene(sidePx);
    const prepared = prepareSample(scene);
    const nuclei = new Set(scene.instanceMap.data).size - 1;
    const scaled = (lengthPx: number) => Math.round((lengthPx * sidePx) / bundlePx.patch);
    const sizes = { windowSize: scaled(bundlePx.window), outputSize: scaled(bundlePx.output) };
    const random = createRandom(1);
    const validation = createValidationPipeline(sizes);
    const works: Record<string, () => unknown> = {
      prepare: () => prepareSample(scene),
      'hover-maps': () => computeHoverMaps(scene.instanceMap),
      validation: () => validation(prepared),
    };
    for (const [name, augment] of Object.entries(augmentations)) {
      const train = createTrainPipeline({ ...sizes, augment });
      works[name] = () => train(prepared, random);
    }
    for (const [name, work] of Object.entries(works)) {
      const run = async () => {
        await work();
        return nuclei;
      };
      const measured = { name: `${name} ${sidePx}x${sidePx}`, runs, runner: javascriptRunner, run };
      yield await measureImageCase(measured, context);
    }
  }
};

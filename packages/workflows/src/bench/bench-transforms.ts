// Times what one patch of 540 × 540 pixels costs on its way to the network.
import { createRandom } from '@hovernet/core';
import { createTrainPipeline, createValidationPipeline, prepareSample } from '@hovernet/transforms';
import type { Bench } from './bench-case.js';
import { javascriptRunner, measureCase } from './measure-case.js';
import { createScene } from './scene.js';

const patchPx = 540;

/** `prepare` happens once a patch, `train` and `validation` each time that it is used. */
export const benchTransforms: Bench = async function* ({ runs = 20 }, context) {
  const scene = createScene(patchPx);
  const prepared = prepareSample(scene);
  const [train, validation] = [createTrainPipeline(), createValidationPipeline()];
  const random = createRandom(1);
  const works = {
    prepare: () => prepareSample(scene),
    train: () => train(prepared, random),
    validation: () => validation(prepared),
  };
  for (const [name, run] of Object.entries(works)) {
    yield await measureCase({ name, runs, runner: javascriptRunner, run }, context);
  }
};

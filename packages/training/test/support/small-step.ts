// A network of small width and batches for it, quick enough for every engine.
import { createRandom } from '@hovernet/core';
import { outputSize, resolveConfig } from '@hovernet/model';
import { collateBatch, createValidationPipeline, type TrainBatch } from '@hovernet/transforms';
import { createScene } from './scene.js';

export const smallConfig = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });
const windowPx = 64;

/** Batch `index` of two patches for a network. */
export function createSmallBatch(index: number, config = smallConfig): TrainBatch {
  const sizes = { windowSize: windowPx, outputSize: outputSize(config, windowPx) };
  const seeds = [2 * index + 1, 2 * index + 2];
  const pipeline = createValidationPipeline(sizes);
  const samples = seeds.map((seed) => pipeline(createScene(windowPx, seed)));
  return collateBatch(samples, { classes: config.outClasses });
}

/** Random numbers for weights, the same every time. */
export const weightsRandom = () => createRandom(7);

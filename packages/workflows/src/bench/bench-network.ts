// What benchmarks of the network share: an engine, a network with random weights, a batch.
import { createRandom } from '@hovernet/core';
import { countMacs, initializeWeights, outputSize, resolveConfig, type PresetName } from '@hovernet/model';
import type { Engine } from '@hovernet/ops';
import { collateBatch, createValidationPipeline, type TrainBatch } from '@hovernet/transforms';
import { availableParallelism } from 'node:os';
import type { TrainedNetwork } from '../inference/tile-predictor.js';
import { openEngine } from '../network/open-engine.js';
import type { Runner } from './measure-case.js';
import { createScene, sceneClasses } from './scene.js';

/** Side of the windows that networks are measured with, in pixels. */
export const benchWindowPx = 256;

/** The engine that runs unless a configuration says otherwise, and how cases name it. */
export async function openBenchEngine(threads: number): Promise<{ readonly engine: Engine; readonly runner: Runner }> {
  const used = threads > 0 ? threads : availableParallelism();
  const engine = await openEngine({ name: 'onnx', provider: 'cpu', threads: used });
  return { engine, runner: { engine: engine.name, provider: 'cpu', threads: used, precision: 'float32' } };
}

/** The preset with random weights, the same every time. */
export function createBenchNetwork(preset: PresetName): TrainedNetwork {
  const config = resolveConfig({ preset, outClasses: sceneClasses + 1 });
  return { config, classes: [], state: initializeWeights(config, createRandom(1)) };
}

/** Floating-point operations of the forward pass over one window. */
export function countForwardOperations({ config }: TrainedNetwork): number {
  return 2 * countMacs(config, benchWindowPx).total;
}

/** A batch of one window. */
export async function createBenchBatch({ config }: TrainedNetwork): Promise<TrainBatch> {
  const sizes = { windowSize: benchWindowPx, outputSize: outputSize(config, benchWindowPx) };
  const sample = await createValidationPipeline(sizes)(createScene(benchWindowPx));
  return collateBatch([sample], { classes: config.outClasses });
}

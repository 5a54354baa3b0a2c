// What benchmarks of the network share: an engine, a network with random weights, a batch.
import { createRandom } from '@hovernet/core';
import { imageRange, type ProgramWeights } from '@hovernet/inference/internal';
import { initializeWeights, outputSize, resolveConfig, type PresetName } from '@hovernet/model';
import { countMacs } from '@hovernet/model/internal';
import type { GraphFeeds } from '@hovernet/onnx';
import { createOnnxEngine, parseProviders, type OnnxEngine, type OnnxEngineOptions } from '@hovernet/onnx/node';
import type { Program } from '@hovernet/ops';
import { collateBatch, createValidationPipeline, cutWindow, planWindows, type TrainBatch } from '@hovernet/transforms';
import { relu } from '@tensorflow/tfjs';
import { availableParallelism } from 'node:os';
import type { BenchOptions } from './bench-case.js';
import type { Runner } from './measure-case.js';
import { createScene, sceneClasses } from './scene.js';

/** Side of the windows that networks are measured with unless another is asked for, in pixels. */
export const benchWindowPx = 256;

/** An engine over ONNX Runtime on the first provider asked for that starts, and how cases name it; nothing is cached. */
export async function openBenchEngine(
  options: BenchOptions,
): Promise<{ readonly engine: OnnxEngine; readonly settings: OnnxEngineOptions; readonly runner: Runner }> {
  const { precision = 'float32', providers = [] } = options;
  const threads = options.threads || availableParallelism();
  const asked = providers.length > 0 ? providers : ['cpu'];
  const probe = await createOnnxEngine({ providers: parseProviders(asked), threads }).compile({
    name: 'probe',
    inputs: [{ name: 'x', shape: [1], dtype: 'float32' }],
    run: ({ x }) => ({ y: relu(x!) }),
  });
  await probe.dispose();
  const { provider } = probe;
  const settings: OnnxEngineOptions = {
    providers: [provider],
    threads,
    precision,
    ...(precision === 'int8' && { calibration: { known: imageRange, samples: sceneWindows } }),
  };
  const engine = createOnnxEngine(settings);
  return { engine, settings, runner: { engine: engine.name, provider, threads, precision } };
}

/** Windows of scenes that no benchmark measures. */
function* sceneWindows({ inputs }: Program): Generator<GraphFeeds, void, undefined> {
  const [, windowPx] = inputs.find(({ name }) => name === 'image')!.shape as [number, number];
  const plan = planWindows(windowPx, windowPx, { input: windowPx, output: windowPx });
  for (let seed = 101; seed < 105; seed++) {
    const planes = new Float32Array(3 * windowPx ** 2);
    cutWindow(createScene(windowPx, seed).image, plan, { index: 0, planes, offset: 0 });
    yield { image: planes };
  }
}

/** The preset with random weights, the same every time. */
export function createBenchNetwork(preset: PresetName): ProgramWeights {
  const config = resolveConfig({ preset, outClasses: sceneClasses + 1 });
  return { config, classes: [], mpp: null, state: initializeWeights(config, createRandom(1)) };
}

/** Floating-point operations of the forward pass over one window. */
export function countForwardOperations({ config }: ProgramWeights, windowPx: number): number {
  return 2 * countMacs(config, windowPx).total;
}

/** A batch of one window. */
export function createBenchBatch({ config }: ProgramWeights, windowPx: number): TrainBatch {
  const sizes = { windowSize: windowPx, outputSize: outputSize(config, windowPx) };
  const sample = createValidationPipeline(sizes)(createScene(windowPx));
  return collateBatch([sample], { classes: config.outClasses });
}

// Times how long programs take to become ready: tracing, encoding, optimisation by the runtime.
import { createInferenceProgram } from '@hovernet/model';
import type { Program } from '@hovernet/ops';
import { createTrainProgram } from '../network/train-program.js';
import type { Bench } from './bench-case.js';
import { benchWindowPx, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { measureCase } from './measure-case.js';

/** `forward`, `stage0` and `stage1`; compiling only, nothing is run. */
export const benchSession: Bench = async function* ({ runs = 3, preset = 'base', threads }, context) {
  const { engine, runner } = await openBenchEngine(threads);
  const { config } = createBenchNetwork(preset);
  const size = { batchSize: 1, windowPx: benchWindowPx };
  const programs: Readonly<Record<string, Program>> = {
    forward: createInferenceProgram(config, { batch: size.batchSize, height: size.windowPx, width: size.windowPx }),
    stage0: createTrainProgram(config, { ...size, freezeEncoder: true, lossWeights: {} }),
    stage1: createTrainProgram(config, { ...size, freezeEncoder: false, lossWeights: {} }),
  };
  for (const [name, program] of Object.entries(programs)) {
    const run = async () => (await engine.compile(program)).dispose();
    yield await measureCase({ name, runs, runner, warmUp: false, run }, context);
  }
};

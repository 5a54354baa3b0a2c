// Times how long programs take to become ready: tracing and encoding, a first session, one from the cache.
import { createInferenceProgram, toConstants } from '@hovernet/model';
import { toOnnx, traceProgram } from '@hovernet/onnx';
import { createOnnxEngine, type OnnxEngine } from '@hovernet/onnx/node';
import type { Program } from '@hovernet/ops';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrainProgram } from '@hovernet/training/internal';
import type { Bench } from './bench-case.js';
import { benchWindowPx, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { measureCase } from './measure-case.js';

/**
 * `forward` with its weights, and the train steps `stage0` and `stage1`: the whole way from the program to a session; `NAME
 * cached`: with its optimised graph on disk (graphs with weights are not kept); `NAME trace`: recording and encoding alone,
 * which is part of both.
 */
export const benchSession: Bench = async function* (options, context) {
  const { runs = 3, preset = 'base', precision = 'float32' } = options;
  const { config, state } = createBenchNetwork(preset);
  const size = { batchSize: 1, windowPx: benchWindowPx };
  const train = (freezeEncoder: boolean) => createTrainProgram(config, { ...size, freezeEncoder, lossWeights: {} });
  const programs: readonly { name: string; program: Program; constants?: Map<string, Float32Array | Int32Array> }[] = [
    {
      name: 'forward',
      program: createInferenceProgram(config, { height: benchWindowPx, width: benchWindowPx }),
      constants: toConstants(state),
    },
    { name: 'stage0', program: train(true) },
    { name: 'stage1', program: train(false) },
  ];
  const { engine, settings, runner } = await openBenchEngine(options);
  const cacheDir = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  const caching = createOnnxEngine({ ...settings, cacheDir });
  try {
    for (const { name, program, constants } of programs) {
      const compile = async (used: OnnxEngine) => {
        const executable = await used.compile(program, { constants });
        await executable.dispose();
        return executable;
      };
      const trace = () =>
        toOnnx(traceProgram(program, { constants }).graph, { precision: precision === 'int8' ? 'float32' : precision });
      const first = { name, runs, runner, warmUp: false, run: () => compile(engine) };
      yield await measureCase(first, context);
      await compile(caching);
      if ((await compile(caching)).cached) {
        yield await measureCase({ ...first, name: `${name} cached`, run: () => compile(caching) }, context);
      }
      yield await measureCase({ ...first, name: `${name} trace`, warmUp: true, run: trace }, context);
    }
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
};

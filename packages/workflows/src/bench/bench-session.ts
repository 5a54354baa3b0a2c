// Times how long programs take to become ready: tracing and encoding, a first session, one from the cache.
import { createInferenceProgram } from '@hovernet/model';
import { createOnnxEngine, toOnnx, traceProgram, type OnnxEngine } from '@hovernet/onnx/node';
import type { Program } from '@hovernet/ops';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatFeeds } from '../network/float-feeds.js';
import { createTrainProgram } from '../network/train-program.js';
import type { Bench } from './bench-case.js';
import { benchWindowPx, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { javascriptRunner, measureCase } from './measure-case.js';

/**
 * For `forward` with its weights, and the train steps `stage0` and `stage1`: `NAME trace` records and encodes the graph, `NAME
 * first` compiles the program, `NAME cached` once more with its optimised graph on disk (graphs with weights are not kept).
 */
export const benchSession: Bench = async function* (options, context) {
  const { runs = 3, preset = 'base', precision } = options;
  const { config, state } = createBenchNetwork(preset);
  const size = { batchSize: 1, windowPx: benchWindowPx };
  const train = (freezeEncoder: boolean) => createTrainProgram(config, { ...size, freezeEncoder, lossWeights: {} });
  const programs: readonly { name: string; program: Program; constants?: Map<string, Float32Array | Int32Array> }[] = [
    {
      name: 'forward',
      program: createInferenceProgram(config, { height: benchWindowPx, width: benchWindowPx }),
      constants: new Map(Object.entries(floatFeeds(state))),
    },
    { name: 'stage0', program: train(true) },
    { name: 'stage1', program: train(false) },
  ];
  const { engine, settings, runner } = await openBenchEngine(options);
  const cacheDir = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  const caching = createOnnxEngine({ ...settings, cacheDir });
  try {
    for (const { name, program, constants } of programs) {
      const trace = () => toOnnx(traceProgram(program, { constants }).graph, { precision });
      yield await measureCase(
        { name: `${name} trace`, runs, runner: { ...javascriptRunner, precision }, run: trace },
        context,
      );
      const compile = async (used: OnnxEngine) => {
        const executable = await used.compile(program, { constants });
        await executable.dispose();
        return executable;
      };
      const first = { name: `${name} first`, runs, runner, warmUp: false, run: () => compile(engine) };
      yield await measureCase(first, context);
      await compile(caching);
      if (!(await compile(caching)).cached) continue;
      yield await measureCase({ ...first, name: `${name} cached`, run: () => compile(caching) }, context);
    }
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
};

// Times the forward pass over one window, weights compiled in, as inference runs it.
import { createInferenceProgram, type PresetName } from '@hovernet/model';
import { floatFeeds } from '../network/float-feeds.js';
import type { Bench } from './bench-case.js';
import {
  benchWindowPx,
  countForwardOperations,
  createBenchBatch,
  createBenchNetwork,
  openBenchEngine,
} from './bench-network.js';
import { measureCase } from './measure-case.js';

/** Small to large, so that memory which a case leaves behind counts least in the others. */
const presets: readonly PresetName[] = ['tiny', 'lite', 'base'];

/** One case a preset, named for it. */
export const benchForward: Bench = async function* ({ runs = 5, preset, threads }, context) {
  const { engine, runner } = await openBenchEngine(threads);
  for (const name of preset ? [preset] : presets) {
    const network = createBenchNetwork(name);
    const { image } = await createBenchBatch(network);
    const program = createInferenceProgram(network.config, { height: benchWindowPx, width: benchWindowPx });
    const constants = new Map(Object.entries(floatFeeds(network.state)));
    const executable = await engine.compile(program, { constants });
    try {
      const operations = countForwardOperations(network);
      yield await measureCase({ name, runs, runner, operations, run: () => executable.run({ image }) }, context);
    } finally {
      await executable.dispose();
    }
  }
};

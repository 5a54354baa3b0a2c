// Times the forward pass over one window, weights compiled in, as inference runs it.
import { createInferenceProgram, outputSize, toConstants, type PresetName } from '@hovernet/model';
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

/** Side of the output of a standard window in fast mode. */
const standardOutputPx = 164;

/** One case a preset, named for it, and for the window where others than the standard one are asked for. */
export const benchForward: Bench = async function* (options, context) {
  const { runs = 5, preset, windowsPx = [] } = options;
  const { engine, runner } = await openBenchEngine(options);
  for (const presetName of preset ? [preset] : presets) {
    const network = createBenchNetwork(presetName);
    const constants = toConstants(network.state);
    for (const windowPx of windowsPx.length > 0 ? windowsPx : [benchWindowPx]) {
      const outputPx = outputSize(network.config, windowPx);
      const { image } = createBenchBatch(network, windowPx);
      const program = createInferenceProgram(network.config, { height: windowPx, width: windowPx });
      const executable = await engine.compile(program, { constants });
      const name = windowsPx.length > 0 ? `${presetName} ${windowPx}→${outputPx}` : presetName;
      const work = {
        name,
        runs,
        runner,
        operations: countForwardOperations(network, windowPx),
        run: () => executable.run({ image }),
      };
      try {
        const measured = await measureCase(work, context);
        yield { ...measured, ms_per_164px: measured.median_ms * (standardOutputPx / outputPx) ** 2 };
      } finally {
        await executable.dispose();
      }
    }
  }
};

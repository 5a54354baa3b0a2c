// Times a whole training step over one window: forward, backward, optimiser, running statistics.
import { countMacs, updateRunningStatistics, type HoverNetConfig } from '@hovernet/model';
import { createAdamState, stepAdam } from '../training/adam.js';
import { createTrainStep } from '../training/train-step.js';
import type { Bench } from './bench-case.js';
import { benchWindowPx, createBenchBatch, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { measureCase } from './measure-case.js';

const optimizer = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 1e-5 } as const;

/** `stage0` freezes the encoder, `stage1` trains everything. */
export const benchTrainStep: Bench = async function* ({ runs = 3, preset = 'base', threads }, context) {
  const { engine, runner } = await openBenchEngine(threads);
  for (const stage of [0, 1] as const) {
    const freezeEncoder = stage === 0;
    const network = createBenchNetwork(preset);
    const { config, state } = network;
    const batch = await createBenchBatch(network);
    const adam = createAdamState();
    const step = createTrainStep(engine, { config, freezeEncoder, lossWeights: {} });
    const run = async () => {
      const { gradients, statistics } = await step.run(state, batch);
      stepAdam(state, gradients, { state: adam, learningRate: 1e-4, options: optimizer });
      updateRunningStatistics(state, statistics);
    };
    try {
      const operations = countTrainOperations(config, freezeEncoder);
      yield await measureCase({ name: `stage${stage}`, runs, runner, operations, run }, context);
    } finally {
      await step.dispose();
    }
  }
};

/**
 * Floating-point operations of a step: a forward pass, as much again for the gradients of features, but for the image,
 * and as much again for those of filters, but for the frozen stages (d0's trained shortcut is left out with them).
 */
function countTrainOperations(config: HoverNetConfig, freezeEncoder: boolean): number {
  const { total, stages } = countMacs(config, benchWindowPx);
  const macsOf = (pattern: RegExp) =>
    stages.filter(({ stage }) => pattern.test(stage)).reduce((sum, { macs }) => sum + macs, 0);
  return 2 * (3 * total - macsOf(/^conv0$/) - (freezeEncoder ? macsOf(/^d[0-3]$/) : 0));
}

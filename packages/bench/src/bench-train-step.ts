// Times a whole training step over one window: forward, backward, optimiser, running statistics.
import { ArgumentError } from '@hovernet/core';
import type { HoverNetConfig } from '@hovernet/model';
import { countMacs, updateRunningStatistics, type EncoderFreeze } from '@hovernet/model/internal';
import { createAdamState, createTrainStep, stepAdam } from '@hovernet/training/internal';
import type { Bench } from './bench-case.js';
import { benchWindowPx, createBenchBatch, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { measureCase } from './measure-case.js';

const optimizer = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 1e-5 } as const;

const freezes: readonly { readonly name: string; readonly freezeEncoder: EncoderFreeze }[] = [
  { name: 'stage0', freezeEncoder: true },
  { name: 'stage1', freezeEncoder: false },
  { name: 'whole-encoder', freezeEncoder: 'whole-encoder' },
];

/** `stage0` freezes the encoder as the references do, `whole-encoder` all of it, `stage1` trains everything. */
export const benchTrainStep: Bench = async function* (options, context) {
  const { runs = 3, preset = 'base', precision = 'float32', windowsPx = [] } = options;
  if (precision === 'float16' || precision === 'int8') {
    throw new ArgumentError(`bench train-step: expected --precision float32 or mixed, got ${precision}`);
  }
  const { engine, runner } = await openBenchEngine(options);
  const lossScaling = precision !== 'float32';
  for (const windowPx of windowsPx.length > 0 ? windowsPx : [benchWindowPx]) {
    for (const { name, freezeEncoder } of freezes) {
      const network = createBenchNetwork(preset);
      const { config, state } = network;
      const batch = createBenchBatch(network, windowPx);
      const adam = createAdamState();
      const step = createTrainStep(engine, { config, freezeEncoder, lossWeights: {}, lossScaling });
      const run = async () => {
        const { gradients, statistics } = await step.run(state, batch);
        stepAdam(state, gradients, { state: adam, learningRate: 1e-4, options: optimizer });
        updateRunningStatistics(state, statistics);
      };
      try {
        const operations = countTrainOperations(config, freezeEncoder, windowPx);
        const label = windowsPx.length > 0 ? `${name} ${windowPx}` : name;
        yield await measureCase({ name: label, runs, runner, operations, run }, context);
      } finally {
        await step.dispose();
      }
    }
  }
};

/**
 * Floating-point operations of a step: a forward pass, as much again for the gradients of features, but for the image,
 * and as much again for those of filters. Frozen stages lack the latter (d0's trained shortcut is left out with them); where
 * the whole encoder is frozen, stem and stages have no gradients at all.
 */
function countTrainOperations(config: HoverNetConfig, freezeEncoder: EncoderFreeze, windowPx: number): number {
  const { total, stages } = countMacs(config, windowPx);
  const macsOf = (pattern: RegExp) =>
    stages.filter(({ stage }) => pattern.test(stage)).reduce((sum, { macs }) => sum + macs, 0);
  if (freezeEncoder === 'whole-encoder') return 2 * (3 * total - 2 * macsOf(/^(conv0|d[0-3])$/));
  return 2 * (3 * total - macsOf(/^conv0$/) - (freezeEncoder ? macsOf(/^d[0-3]$/) : 0));
}

// Validation during training: mean Dice of the nucleus mask over validation patches, as the bundle's key metric.
import { computeMaskDice } from '@hovernet/metrics';
import { createInferenceProgram, toConstants, type HoverNetConfig, type StateDict } from '@hovernet/model';
import { createExecutableCache, type Engine } from '@hovernet/ops';
import type { TrainBatch } from '@hovernet/transforms';
import ndarray from 'ndarray';
import { createSingleCommunicator, type Communicator } from './communicator.js';

export interface Validator {
  /** Mean Dice over the patches that show a nucleus; NaN where none does. */
  measure(weights: StateDict, batches: AsyncIterable<{ readonly batch: TrainBatch }>): Promise<number>;
  dispose(): Promise<void>;
}

/**
 * A validator on `engine`; it is compiled at the first batch of each size. Processes of `communicator` that measure other
 * batches of the same patches get the mean over all of them.
 */
export function createValidator(
  engine: Engine,
  config: HoverNetConfig,
  communicator: Communicator = createSingleCommunicator(),
): Validator {
  const executables = createExecutableCache(({ batchSize, windowPx }) =>
    engine.compile(createInferenceProgram(config, { batch: batchSize, height: windowPx, width: windowPx })),
  );
  return {
    async measure(weights, batches) {
      const totals = Float64Array.of(0, 0);
      for await (const { batch } of batches) {
        const [batchSize, , windowPx] = batch.shapes.image;
        const executable = await executables.get({ batchSize, windowPx });
        const { np } = await executable.run({ ...Object.fromEntries(toConstants(weights)), image: batch.image });
        for (const dice of patchDice(np!.data as Float32Array, batch)) {
          if (Number.isNaN(dice)) continue;
          totals[0]! += dice;
          totals[1]!++;
        }
      }
      communicator.sum(totals);
      const [sum, count] = totals as unknown as [number, number];
      return count === 0 ? NaN : sum / count;
    },
    dispose: () => executables.dispose(),
  };
}

/** Dice of every patch of a batch; NaN where the truth is empty. */
function patchDice(logits: Float32Array, { np, shapes }: TrainBatch): number[] {
  const [batchSize, channels, height, width] = shapes.np;
  const area = height * width;
  return Array.from({ length: batchSize }, (_, index) => {
    const background = index * channels * area;
    const prediction = new Uint8Array(area);
    for (let i = 0; i < area; i++) prediction[i] = logits[background + area + i]! > logits[background + i]! ? 1 : 0;
    const truth = Uint8Array.from(np.subarray(background + area, background + 2 * area));
    const shape = [height, width];
    return computeMaskDice({ truth: ndarray(truth, shape), prediction: ndarray(prediction, shape) });
  });
}

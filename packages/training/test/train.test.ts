import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { train, TrainOptionError, type TrainContext, type TrainOptions } from '../src/index.js';
import { prepareSmallPatches } from './support/small-patches.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-train-'));
const patchesDir = join(folder, 'prepared');
beforeAll(() => prepareSmallPatches(folder, patchesDir));
afterAll(() => rmSync(folder, { recursive: true }));

/** A training of two epochs of two steps into `folder/name`. */
function trainSmall(name: string, context: TrainContext = {}, options: Partial<TrainOptions> = {}) {
  return train(
    {
      patchesDir,
      checkpointDir: join(folder, name),
      taxonomy: 'consep-merged',
      network: { preset: 'tiny', width: 0.5 },
      windowPx: 64,
      epochs: 2,
      engine: { threads: 1 },
      loading: { batchSize: 5 },
      validation: { intervalEpochs: 2 },
      ...options,
    },
    context,
  );
}

/** Digests of the checkpoints by their names. */
function digests(name: string): Record<string, string> {
  const files = readdirSync(join(folder, name)).sort();
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, name, file)))
        .digest('hex'),
    ]),
  );
}

describe('train', { timeout: 120_000 }, () => {
  it('goes on after any signal to the bytes of a run without it, and calls back', async () => {
    const whole = await trainSmall('whole');
    expect(whole.weightsPath).toBe(join(folder, 'whole', 'model.safetensors'));
    expect(whole.history.map(({ epoch, val_mean_dice }) => [epoch, val_mean_dice === null])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(whole.best).toBe(whole.history[1]);

    const controller = new AbortController();
    const calls: string[] = [];
    const context: TrainContext = {
      signal: controller.signal,
      onStart: (history) => void calls.push(`start ${history.length}`),
      onStep: (step) => {
        calls.push(`step ${step}`);
        if (step === 3) controller.abort();
      },
      onEpoch: (history) => void calls.push(`epoch ${history.at(-1)!.epoch}`),
    };
    await expect(trainSmall('parts', context)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(Object.keys(digests('parts'))).toContain('training-state.safetensors');
    const { history } = await trainSmall('parts', { ...context, signal: new AbortController().signal });
    expect(calls.join()).toBe('start 0,step 1,step 2,epoch 1,step 3,start 1,step 4,epoch 2');
    expect(history.map(({ loss }) => loss)).toEqual(whole.history.map(({ loss }) => loss));
    expect(digests('parts')).toEqual(digests('whole'));
  });

  it('names the option that does not fit', async () => {
    await expect(trainSmall('no', {}, { network: { outClasses: 3 } })).rejects.toThrow(TrainOptionError);
    await expect(trainSmall('no', {}, { network: { outClasses: 3 } })).rejects.toThrow(
      'train: network.outClasses: expected 5 classes (background and the 4 of taxonomy consep-merged), got 3',
    );
    await expect(trainSmall('no', {}, { windowPx: 63 })).rejects.toThrow(/train: windowPx: does not fit the network/);
    const int8 = trainSmall('no', {}, { engine: { precision: 'int8' } });
    await expect(int8).rejects.toThrow(/engine\.precision: expected float32 or mixed for training, got int8/);
    const large = trainSmall('no', {}, { loading: { batchSize: 20, dropLast: true } });
    await expect(large).rejects.toThrow(/loading\.batchSize: expected at most the 9 patches of .*Train where/);
  });
});

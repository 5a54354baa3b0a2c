import { HovernetError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputSize } from '../../src/index.js';
import { decodeTfjsModel, encodeTfjsModel, loadNetwork, splitTfjsModel } from '../../src/internal.js';
import type { HoverNetConfig } from '../../src/index.js';
import { networkConfigs } from '../support/network-configs.js';
import { createNoiseState } from '../support/noise-state.js';
import { compareWithNetwork } from './compare-with-network.js';

/** Raised by hand for longer searches. */
const numRuns = Number(process.env['HOVERNET_FUZZ_RUNS'] ?? 4);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The smallest window of at least `from` pixels that leaves an output. */
function smallestWindow(config: HoverNetConfig, from: number): number {
  try {
    outputSize(config, from);
    return from;
  } catch {
    return smallestWindow(config, from + 1);
  }
}

describe('graph models of any network', () => {
  it('give back every tensor and the configuration, however they are cut into files', () => {
    fc.assert(
      fc.property(networkConfigs, fc.integer({ min: 500, max: 50_000 }), (config, shardBytes) => {
        const state = createNoiseState(config);
        const files = splitTfjsModel(encodeTfjsModel(config, state), { shardBytes });
        const loaded = loadNetwork(decodeTfjsModel(files.get('model.json')!, files));
        expect(loaded.config).toEqual(config);
        expect([...loaded.state]).toEqual([...state]);
      }),
      { numRuns },
    );
  });

  it('compute what the network does', { timeout: 5000 * numRuns }, async () => {
    const property = fc.asyncProperty(networkConfigs, async (config) => {
      const state = createNoiseState(config);
      const model = await tf.loadGraphModel(tf.io.fromMemory(encodeTfjsModel(config, state)));
      const height = smallestWindow(config, 8);
      const shape: [number, number, number, number] = [
        1,
        height,
        smallestWindow(config, height + 1),
        config.inChannels,
      ];
      tf.tidy(() => compareWithNetwork(model, { config, state }, tf.randomUniform(shape, 0, 1, 'float32', 3)));
      model.dispose();
    });
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 4) });
  });
});

describe('damaged graph models', () => {
  it('are refused with an error of this project, or read', () => {
    const [config] = fc.sample(networkConfigs, { numRuns: 1, seed: 1 }) as [HoverNetConfig];
    const files = splitTfjsModel(encodeTfjsModel(config, createNoiseState(config)), { shardBytes: 10_000 });
    const json = files.get('model.json')!;
    const change = fc.record({
      at: fc.integer({ min: 0, max: json.length - 1 }),
      remove: fc.integer({ min: 0, max: 20 }),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.string({ maxLength: 6 }).map((text) => new TextEncoder().encode(text)),
      ),
    });
    fc.assert(
      fc.property(change, ({ at, remove, insert }) => {
        const changed = Buffer.concat([json.subarray(0, at), insert, json.subarray(at + remove)]);
        try {
          loadNetwork(decodeTfjsModel(changed, files));
        } catch (error) {
          expect(error).toBeInstanceOf(HovernetError);
        }
      }),
      { numRuns: 20 * numRuns },
    );
  });
});

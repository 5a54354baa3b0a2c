import { createRandom, FileError } from '@hovernet/core';
import {
  encodeCheckpoint,
  initializeWeights,
  resolveConfig,
  type HoverNetConfig,
  type HoverNetOptions,
} from '@hovernet/model';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadStart, loadStartWeights } from '../src/start-weights.js';
import { TrainOptionError } from '../src/train-options.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-start-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const source = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });
const trained = initializeWeights(source, createRandom(2));
const path = join(folder, 'trained.safetensors');
writeFileSync(path, encodeCheckpoint(trained, { config: source }));

const typeHead = 'type_prediction.output_features.decoderblock4.conv';

async function start(config = source) {
  const initial = initializeWeights(config, createRandom(1));
  return { initial, ...(await loadStartWeights(path, config, initial)) };
}

describe('weights to go on from', () => {
  it('are all of a network of the same classes', async () => {
    const { state, origin } = await start();
    expect([...state]).toEqual([...trained]);
    expect(origin).toBe(`${trained.size} of ${trained.size} tensors of ${path}`);
  });

  it('are all but the last layer of the types where the classes are others', async () => {
    const { state, initial, origin } = await start(resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 }));
    for (const [name, array] of state) {
      expect(array, name).toEqual((name.startsWith(typeHead) ? initial : trained).get(name));
    }
    expect(origin).toBe(
      `${trained.size - 2} of ${trained.size} tensors of ${path}; the last layer of the types starts anew`,
    );
  });

  it('are refused of another architecture, with the field', async () => {
    const other = start(resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5, units: [1, 1, 1, 1] }));
    await expect(other).rejects.toThrow(TrainOptionError);
    await expect(other).rejects.toThrow(
      /trained\.safetensors: .*with units \[1,1,1,1\], got \[1,1,2,1\]; describe the network as it was in training/,
    );
  });

  it('are refused where there are none', async () => {
    const initial = initializeWeights(source, createRandom(1));
    await expect(loadStartWeights(join(folder, 'nothing'), source, initial)).rejects.toThrow(FileError);
  });
});

describe('a checkpoint to go on from', () => {
  const original = join(folder, 'original.tar');
  writeFileSync(original, encodeCheckpoint(trained, { format: 'original' }));

  const load = (file: string, network: HoverNetConfig, architecture: HoverNetOptions = {}) =>
    loadStart({ start: { from: 'checkpoint', path: file }, network, architecture, seed: 1 });

  it('is taken whole where it is of the network that is trained', async () => {
    expect([...(await load(path, source)).state]).toEqual([...trained]);
  });

  // The tensors of these are the same: only the description tells that the weights belong to another graph.
  it.each<[keyof HoverNetConfig, Partial<HoverNetConfig>]>([
    ['reference', { reference: 'hover_net' }],
    ['decoderPadding', { decoderPadding: true }],
  ])('is refused where another %s is trained, though every tensor fits', async (field, other) => {
    const loading = load(path, { ...source, ...other });
    await expect(loading).rejects.toThrow(TrainOptionError);
    await expect(loading).rejects.toThrow(
      new RegExp(`network: .*trained\\.safetensors: .*${field} .*describe the network`),
    );
  });

  it('of the original repository is refused where another graph is trained, unless that is asked for', async () => {
    await expect(load(original, source)).rejects.toThrow(/reference "monai", got "hover_net"/);
    expect([...(await load(original, source, { reference: 'monai' })).state]).toHaveLength(trained.size);
  });
});

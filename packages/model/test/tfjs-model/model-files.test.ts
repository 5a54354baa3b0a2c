import { ArgumentError, createRandom, decodeHalfFloats, encodeHalfFloats, WeightsError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { initializeWeights, resolveConfig, type StateDict, type WeightArray } from '../../src/index.js';
import {
  decodeTfjsModel,
  encodeTfjsModel,
  listTensors,
  listTfjsShards,
  loadNetwork,
  splitTfjsModel,
} from '../../src/internal.js';
import { createNoiseImage, createNoiseState, smallConfig } from '../support/noise-state.js';
import { compareWithNetwork } from './compare-with-network.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const classes = [{ id: 1, name: 'one', color: [255, 0, 0] }] as const;
const details = { mpp: 0.25, license: 'CC-BY-4.0', training: { seed: 7 } };

/** Loads the files as a page does, by TensorFlow.js's own HTTP handler. */
function loadFiles(files: ReadonlyMap<string, Uint8Array>): Promise<tf.GraphModel> {
  const fetchFunc = (url: RequestInfo | URL) => {
    const bytes = files.get(String(url).replace('http://localhost/network/', ''));
    return Promise.resolve(bytes ? new Response(new Uint8Array(bytes)) : new Response(null, { status: 404 }));
  };
  return tf.loadGraphModel(tf.io.http('http://localhost/network/model.json', { fetchFunc }));
}

function decodeFiles(files: ReadonlyMap<string, Uint8Array>) {
  return decodeTfjsModel(files.get('model.json')!, files, 'network/model.json');
}

describe('the files of a graph model', () => {
  const state = createNoiseState(smallConfig);

  it("are laid out as TensorFlow.js's converter does, and load", async () => {
    const shardBytes = 4096;
    const artifacts = encodeTfjsModel(smallConfig, state);
    const files = splitTfjsModel(artifacts, { shardBytes });
    const count = Math.ceil(artifacts.weightData.byteLength / shardBytes);
    expect(count).toBeGreaterThan(2);
    const names = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
    expect([...files.keys()]).toEqual(['model.json', ...names]);
    const sizes = names.map((name) => files.get(name)!.length);
    expect(Math.max(...sizes)).toBe(shardBytes);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(artifacts.weightData.byteLength);

    const json = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as tf.io.ModelJSON;
    expect(json.format).toBe('graph-model');
    expect(json.weightsManifest).toEqual([{ paths: names, weights: artifacts.weightSpecs }]);
    expect(listTfjsShards(files.get('model.json')!)).toEqual(names);
    compareWithNetwork(await loadFiles(files), { config: smallConfig, state }, createNoiseImage(40, 40));
  });

  it('has shards of four mebibytes by default', () => {
    const config = resolveConfig({ preset: 'tiny', width: 2 });
    const files = splitTfjsModel(encodeTfjsModel(config, initializeWeights(config, createRandom(1))));
    const sizes = [...files].slice(1).map(([, bytes]) => bytes.length);
    expect(sizes.slice(0, -1)).toEqual([4 * 2 ** 20]);
    expect(() => splitTfjsModel(encodeTfjsModel(smallConfig, state), { shardBytes: 0 })).toThrow(ArgumentError);
  });

  /** The network with these first numbers in every tensor, and counters that float64 cannot hold. */
  const withBits = (bits: readonly number[]): StateDict =>
    new Map(
      [...state].map(([name, array], index): [string, WeightArray] => {
        if (array.dtype === 'int64') return [name, { ...array, data: BigInt64Array.of(2n ** 62n + BigInt(index)) }];
        const data = array.data.slice();
        new Uint32Array(data.buffer).set(bits.slice(0, data.length));
        return [name, { ...array, data }];
      }),
    );

  it('keep every bit of what is no number too, which no network may hold', () => {
    // NaN with a payload, an infinity.
    const odd = withBits([0x7fa00001, 0xff800000]);
    const content = decodeFiles(splitTfjsModel(encodeTfjsModel(smallConfig, odd), { shardBytes: 1001 }));
    for (const [name, { dtype, data }] of odd) {
      if (dtype === 'int64') continue;
      const stored = content.tensors.get(name)!.data;
      const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
      expect(bytes.equals(Buffer.from(data.buffer)), name).toBe(true);
    }
    expect(() => loadNetwork(content)).toThrow('network/model.json: expected finite weights');
  });

  it('gives the network back, bit by bit, whatever its numbers and counters', () => {
    // −0, the smallest numbers, the largest ones.
    const odd = withBits([0x80000000, 1, 0x7f7fffff, 0x80000001, 0xff7fffff]);
    const artifacts = encodeTfjsModel(smallConfig, odd, { classes, ...details, metadata: { 'hovernet.run': 'abc' } });
    const content = decodeFiles(splitTfjsModel(artifacts, { shardBytes: 1001 }));
    expect(content).toMatchObject({
      source: 'network/model.json',
      origin: 'hovernet',
      config: smallConfig,
      classes,
      ...details,
    });
    expect(content.metadata['hovernet.run']).toBe('abc');
    const { state: loaded, coverage } = loadNetwork(content);
    expect(coverage).toMatchObject({ loaded: state.size, missing: [], unexpected: [] });
    for (const [name, { shape, data }] of odd) {
      const array = loaded.get(name)!;
      expect([name, array.shape]).toEqual([name, shape]);
      expect(Buffer.from(array.data.buffer).equals(Buffer.from(data.buffer)), name).toBe(true);
    }
  });

  it('survives being saved by TensorFlow.js itself', async () => {
    const model = await loadFiles(splitTfjsModel(encodeTfjsModel(smallConfig, state)));
    let saved: tf.io.ModelArtifacts = {};
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
      }),
    );
    const { weightData, weightSpecs, ...rest } = saved;
    const json = JSON.stringify({ ...rest, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] });
    const shards = new Map([['weights.bin', new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))]]);
    const { state: loaded } = loadNetwork(decodeTfjsModel(new TextEncoder().encode(json), shards));
    expect([...loaded]).toEqual([...state]);
  });

  it('stores filters in half of the bytes as float16, and nothing else', async () => {
    const single = encodeTfjsModel(smallConfig, state);
    const half = encodeTfjsModel(smallConfig, state, { precision: 'float16' });
    const filters = listTensors(smallConfig).filter(({ role }) => role === 'filter');
    const elements = filters.reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0);
    expect(single.weightData.byteLength - half.weightData.byteLength).toBe(2 * elements);
    expect(half.weightSpecs.filter(({ quantization }) => quantization).length).toBe(filters.length);

    const rounded = new Map(state);
    for (const { name, shape } of filters) {
      const data = decodeHalfFloats(encodeHalfFloats(state.get(name)!.data as Float32Array));
      rounded.set(name, { dtype: 'float32', shape, data });
    }
    const files = splitTfjsModel(half, { shardBytes: 999 });
    expect([...loadNetwork(decodeFiles(files)).state]).toEqual([...rounded]);
    const network = { config: smallConfig, state: rounded };
    compareWithNetwork(await loadFiles(files), network, createNoiseImage(40, 40));
  });

  it('refuses filters that float16 cannot hold, and state dicts of another network', () => {
    const name = 'bottleneck.conv_bottleneck.weight';
    const { shape, data } = state.get(name)!;
    const large: StateDict = new Map([
      ...state,
      [name, { dtype: 'float32', shape, data: new Float32Array(data.length).fill(7e4) }],
    ]);
    const encodeHalf = () => encodeTfjsModel(smallConfig, large, { precision: 'float16' });
    expect(encodeHalf).toThrow(WeightsError);
    expect(encodeHalf).toThrow(/bottleneck\.conv_bottleneck\.weight within ±65520 .*got 70000; choose .*float32/);
    const other = resolveConfig({ ...smallConfig, outClasses: 4 });
    expect(() => encodeTfjsModel(other, state)).toThrow(/encodeTfjsModel: the state dict fits .* of another shape/);
  });
});

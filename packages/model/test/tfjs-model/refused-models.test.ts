import { FileError, UnsupportedError, WeightsError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { decodeTfjsModel, encodeTfjsModel, listTfjsShards, loadNetwork, splitTfjsModel } from '../../src/internal.js';
import { createNoiseState, smallConfig } from '../support/noise-state.js';

const files = splitTfjsModel(encodeTfjsModel(smallConfig, createNoiseState(smallConfig)), { shardBytes: 20_000 });
const [, shard] = [...files.keys()];

interface ModelJson {
  format?: string;
  modelTopology?: unknown;
  userDefinedMetadata?: { hovernet: Record<string, string> } | undefined;
  weightsManifest: { paths: unknown[]; weights: Record<string, unknown>[] }[];
}

type Change = (model: ModelJson) => unknown;
type ErrorClass = new (...parts: never[]) => Error;

/** Decodes the model after `change` was made to its model.json. */
function decodeChanged(change: Change) {
  const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as ModelJson;
  change(model);
  return decodeTfjsModel(new TextEncoder().encode(JSON.stringify(model)), files, 'dir/model.json');
}

function expectRefusal(run: () => unknown, error: ErrorClass, message: RegExp) {
  expect(run).toThrow(error);
  expect(run).toThrow(message);
}

describe('decodeTfjsModel', () => {
  it('refuses a layers model, saying what is expected and why', async () => {
    const layers = tf.sequential({ layers: [tf.layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [4, 4, 3] })] });
    let json = '';
    await layers.save(
      tf.io.withSaveHandler((artifacts) => {
        const { modelTopology, format, weightSpecs } = artifacts;
        json = JSON.stringify({ format, modelTopology, weightsManifest: [{ paths: ['w.bin'], weights: weightSpecs }] });
        return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
      }),
    );
    const decode = () => decodeTfjsModel(new TextEncoder().encode(json), new Map(), 'dir/model.json');
    const message =
      /^dir\/model\.json: expected a graph model that `hovernet export --to tfjs` .*got a layers model, which can have neither grouped/;
    expectRefusal(decode, WeightsError, message);
  });

  it.each<[string, Change]>([
    ['without metadata', (model) => (model.userDefinedMetadata = undefined)],
    ["without the network's configuration", (model) => (model.userDefinedMetadata = { hovernet: {} })],
  ])('refuses a graph model %s', (_, change) => {
    const message = /expected a graph model that .*got a graph model without hovernet\.config .*give the weights/;
    expectRefusal(() => decodeChanged(change), WeightsError, message);
  });

  it.each<[string, Change, ErrorClass, RegExp]>([
    ['another format', (model) => (model.format = 'tfjs-mystery'), WeightsError, /format "tfjs-mystery"/],
    ['no topology', (model) => (model.modelTopology = 1), FileError, /JSON without modelTopology/],
    [
      'no network in its configuration',
      (model) => (model.userDefinedMetadata!.hovernet['hovernet.config'] = '{"mode":"slow"}'),
      WeightsError,
      /does not describe a network: .*mode/,
    ],
    [
      'counters that are no integers',
      (model) => (model.userDefinedMetadata!.hovernet['hovernet.batch_counts'] = '{"a":1.5}'),
      WeightsError,
      /hovernet\.batch_counts in its metadata is not an object of integers/,
    ],
    [
      'no manifest',
      (model) => (model.weightsManifest = {} as ModelJson['weightsManifest']),
      FileError,
      /weightsManifest is not a list/,
    ],
    [
      'a tensor twice',
      ({ weightsManifest: [group] }) => group!.weights.push(group!.weights[0]!),
      FileError,
      /has conv0\.bn\.weight twice|has conv0\.conv\.weight twice/,
    ],
    [
      'a weight without a shape',
      ({ weightsManifest: [group] }) => (group!.weights[0]!['shape'] = [-1]),
      FileError,
      /lacks a name, a shape or a type/,
    ],
    [
      'an absurd shape',
      ({ weightsManifest: [group] }) => (group!.weights[0]!['shape'] = [2 ** 52, 2 ** 52, 2 ** 52]),
      FileError,
      /describes 3\.65\d*e\+47 bytes of weights, its shards have \d+$/,
    ],
    [
      'weights in bytes',
      ({ weightsManifest: [group] }) => (group!.weights[0]!['quantization'] = { dtype: 'uint8', scale: 1, min: 0 }),
      UnsupportedError,
      /uint8 is not supported; export float32 or float16/,
    ],
    [
      'text as weights',
      ({ weightsManifest: [group] }) => (group!.weights[0]!['dtype'] = 'string'),
      UnsupportedError,
      /string is not supported/,
    ],
  ])('refuses %s', (_, change, error, message) => {
    expectRefusal(() => decodeChanged(change), error, message);
  });

  it.each(['../weights.bin', '/etc/passwd', 'a/b.bin', 'c:\\b.bin', 'http://host/b.bin', '..', '', 'a\0', 7])(
    'refuses the path %j',
    (path) => {
      const change: Change = ({ weightsManifest: [group] }) => group!.paths.splice(0, 1, path);
      expectRefusal(() => decodeChanged(change), FileError, /expected names of files beside it, got the path/);
    },
  );

  it.each(['', '[]', 'null', '{', '\u{FEFF}{}', '{}'])('refuses %j as model.json', (text) => {
    const run = () => listTfjsShards(new TextEncoder().encode(text), 'dir/model.json');
    expectRefusal(run, FileError, /^dir\/model\.json: expected the model\.json of a TensorFlow\.js model, got/);
  });

  it('names a shard that is missing, and refuses one that is cut', () => {
    const json = files.get('model.json')!;
    const without = new Map([...files].filter(([name]) => name !== shard));
    expectRefusal(
      () => decodeTfjsModel(json, without),
      FileError,
      /model\.json: its shard group1-shard1of\d\.bin is missing/,
    );
    const cut = new Map([...files, [shard!, files.get(shard!)!.subarray(1)]]);
    expectRefusal(() => decodeTfjsModel(json, cut), FileError, /describes \d+ bytes of weights, its shards have \d+/);
  });

  it('leaves it to loading to tell what does not fit the network', () => {
    const content = decodeChanged(({ weightsManifest: [group] }) => (group!.weights[0]!['name'] = 'unknown'));
    expectRefusal(() => loadNetwork(content), WeightsError, /1 missing: .*1 unexpected: unknown/);
  });
});

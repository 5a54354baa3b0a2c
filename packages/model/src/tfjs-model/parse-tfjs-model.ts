// model.json of a graph model that this project wrote: which files belong to it, which tensors they hold, which network.
import { FileError, UnsupportedError, WeightsError } from '@hovernet/core';
import { describesNetwork } from '../checkpoint-metadata.js';
import type { StoredDtype } from '@hovernet/files';
import { graphModelFormat } from './model-artifacts.js';

/** A tensor as the shards hold it. */
export interface TfjsStoredWeight {
  readonly name: string;
  /** Of TensorFlow: `[height, width, in, out]` for filters. */
  readonly shape: readonly number[];
  readonly dtype: StoredDtype;
}

/** What model.json says. */
export interface ParsedTfjsModel {
  /** Names of the files with the tensors' data, beside model.json, in order. */
  readonly shards: readonly string[];
  /** In the order of the data. */
  readonly weights: readonly TfjsStoredWeight[];
  /** Texts, of which `hovernet.config` is one. */
  readonly metadata: Readonly<Record<string, string>>;
}

const wanted = 'expected a graph model that `hovernet export --to tfjs` or encodeTfjsModel wrote';
const otherRoute = 'give the weights that it was converted from: a PyTorch or safetensors file';

/**
 * Reads the bytes of model.json; `source` names it in errors.
 * @throws FileError for what is no model.json, or names files elsewhere than beside it; WeightsError for a layers model
 * and for a graph model of someone else; UnsupportedError for weights in other types than float32, float16 and integers.
 */
export function parseTfjsModel(bytes: Uint8Array, source: string): ParsedTfjsModel {
  const model = parseJson(bytes, source);
  assertGraphModel(model, source);
  const groups = readGroups(model['weightsManifest'], source);
  const shards = groups.flatMap(({ paths }) => paths.map((path) => readShardName(path, source)));
  assertDistinct(shards, source);
  const weights = groups.flatMap((group) => group.weights.map((weight) => readWeight(weight, source)));
  assertDistinct(
    weights.map(({ name }) => name),
    source,
  );
  return { shards, weights, metadata: readTexts(model, source) };
}

function parseJson(bytes: Uint8Array, source: string): Record<string, unknown> {
  try {
    const model = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    if (isRecord(model)) return model;
  } catch (cause) {
    throw new FileError(source, 'expected the model.json of a TensorFlow.js model, got what is no JSON', { cause });
  }
  throw new FileError(source, 'expected the model.json of a TensorFlow.js model, got no JSON object');
}

function assertGraphModel({ format, modelTopology }: Record<string, unknown>, source: string): void {
  if (!isRecord(modelTopology)) {
    throw new FileError(source, 'expected the model.json of a TensorFlow.js model, got JSON without modelTopology');
  }
  const isLayersModel = 'model_config' in modelTopology || 'class_name' in modelTopology || 'config' in modelTopology;
  if (format !== 'layers-model' && !isLayersModel) {
    if (format === undefined || format === graphModelFormat) return;
    throw new WeightsError(`${source}: ${wanted}, got the format ${JSON.stringify(format)}`);
  }
  const reason = 'which can have neither grouped convolutions nor bilinear upsampling with aligned corners';
  throw new WeightsError(`${source}: ${wanted}, got a layers model, ${reason}; ${otherRoute}`);
}

function readGroups(manifest: unknown, source: string): { paths: unknown[]; weights: unknown[] }[] {
  const isGroup = (group: unknown) =>
    isRecord(group) && Array.isArray(group['paths']) && Array.isArray(group['weights']);
  if (Array.isArray(manifest) && manifest.every(isGroup)) return manifest as { paths: unknown[]; weights: unknown[] }[];
  throw new FileError(source, 'its weightsManifest is not a list of groups with paths and weights');
}

function readShardName(path: unknown, source: string): string {
  if (typeof path === 'string' && /^[^/\\:]+$/.test(path) && path !== '.' && path !== '..' && !path.includes('\0')) {
    return path;
  }
  throw new FileError(source, `expected names of files beside it, got the path ${JSON.stringify(path)}`);
}

function readWeight(value: unknown, source: string): TfjsStoredWeight {
  const { name, shape, dtype, quantization } = isRecord(value) ? value : {};
  if (typeof name !== 'string' || !isShape(shape) || typeof dtype !== 'string') {
    throw new FileError(source, 'a weight of its weightsManifest lacks a name, a shape or a type');
  }
  const stored = isRecord(quantization) ? quantization['dtype'] : dtype;
  if (stored === 'float16' ? dtype === 'float32' : stored === 'float32' || stored === 'int32' || stored === 'bool') {
    return { name, shape, dtype: stored as StoredDtype };
  }
  throw new UnsupportedError(
    `${source}: weight ${name}: ${String(stored)} is not supported; export float32 or float16`,
  );
}

function readTexts({ userDefinedMetadata }: Record<string, unknown>, source: string): Record<string, string> {
  const texts = isRecord(userDefinedMetadata) ? userDefinedMetadata['hovernet'] : undefined;
  if (isRecord(texts) && Object.values(texts).every((text) => typeof text === 'string')) {
    const metadata = texts as Record<string, string>;
    if (describesNetwork(metadata)) return metadata;
  }
  const missing = 'a graph model without hovernet.config in its userDefinedMetadata.hovernet';
  throw new WeightsError(`${source}: ${wanted}, got ${missing}; ${otherRoute}`);
}

function assertDistinct(names: readonly string[], source: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new FileError(source, `its weightsManifest has ${name} twice`);
    seen.add(name);
  }
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

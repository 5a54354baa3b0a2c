// A network in Node: an ONNX model in ONNX Runtime, or any other weights as a traced program.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readFileBytes } from '@hovernet/files/node';
import { openEngine, openOnnxModel, type ProviderName } from '@hovernet/onnx/node';
import { describeModel, nameWeights, readAdvice, type WeightsAdvice } from '../network/describe-model.js';
import { createOnnxNetwork } from '../network/onnx-network.js';
import { openProgramNetwork } from '../network/open-program-network.js';
import type { TrainedNetwork } from '../network/trained-network.js';
import type { SegmenterParts } from '../segmenter.js';
import { fetchFile } from '../sources/fetch-file.js';

export interface OpenNetworkOptions {
  /** Threads of the network. */
  readonly threads: number;
  /** Folder for optimised graphs; null for none. */
  readonly cacheDir: string | null;
  /** Execution providers in the order in which they are tried. @default ['cpu'] */
  readonly providers?: readonly ProviderName[] | undefined;
}

/** What a segmenter takes of its weights. */
export interface OpenedNetwork extends Pick<SegmenterParts<never>, 'weights'>, WeightsAdvice {
  readonly network: TrainedNetwork;
}

/**
 * Reads and starts weights.
 * @throws FileError where they cannot be read; WeightsError for weights of other networks; EngineError where ONNX Runtime does not start.
 */
export async function openNetwork(
  weights: string | URL | Uint8Array,
  options: OpenNetworkOptions,
): Promise<OpenedNetwork> {
  const name = weights instanceof Uint8Array ? 'weights' : nameWeights(String(weights));
  const bytes = weights instanceof Uint8Array ? weights : await readWeights(weights);
  const identity = { name, sha256: createHash('sha256').update(bytes).digest('hex') };
  const opened = isOnnx(bytes) ? await openModel(bytes, name, options) : await openProgram(bytes, name, options);
  return { ...opened, weights: identity };
}

async function readWeights(weights: string | URL): Promise<Uint8Array> {
  const address = String(weights);
  if (!/^https?:/i.test(address)) return readFileBytes(/^file:/i.test(address) ? fileURLToPath(address) : address);
  const response = await fetchFile(address);
  return new Uint8Array(await response.arrayBuffer());
}

/** ONNX models begin with field 1, their version, a small number: no other weight file does. */
function isOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1]! < 0x20;
}

async function openModel(
  bytes: Uint8Array,
  name: string,
  { threads, cacheDir, providers = ['cpu'] }: OpenNetworkOptions,
) {
  const model = await openOnnxModel(bytes, { name, threads, providers, cacheDir: cacheDir ?? undefined });
  try {
    const { advice, ...description } = describeModel(model.metadata, name);
    return { network: createOnnxNetwork(model, description), ...advice };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

async function openProgram(bytes: Uint8Array, name: string, { threads, cacheDir }: OpenNetworkOptions) {
  const { loadWeights } = await import('@hovernet/model');
  const loaded = await loadWeights(bytes, { source: name });
  const { config, classes, mpp = null, state } = loaded;
  const advice = readAdvice(loaded, name);
  const engine = await openEngine({ threads, ...(cacheDir !== null && { cacheDir }) });
  return { network: await openProgramNetwork(engine, { config, classes, mpp, state }), ...advice };
}

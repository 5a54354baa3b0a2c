// A network in a page's worker: an ONNX model in ONNX Runtime Web.
import { openOnnxModel } from '@hovernet/onnx/web/model';
import { describeModel, nameWeights, type WeightsAdvice } from '../network/describe-model.js';
import { createOnnxNetwork } from '../network/onnx-network.js';
import type { TrainedNetwork } from '../network/trained-network.js';
import type { SegmenterParts } from '../segmenter.js';
import type { WebNetworkOptions } from './requests.js';
import { fetchFile } from '../sources/fetch-file.js';

/** What a segmenter takes of its weights. */
export interface OpenedNetwork extends Pick<SegmenterParts<never>, 'weights'>, WeightsAdvice {
  readonly network: TrainedNetwork;
  /** Execution provider that runs it. */
  readonly provider: string;
}

/**
 * Fetches and starts a model.
 * @throws FileError where it cannot be fetched; WeightsError for a model that another project made; EngineError where no provider runs.
 */
export async function openWebNetwork({ weights, providers, threads }: WebNetworkOptions): Promise<OpenedNetwork> {
  const bytes = typeof weights === 'string' ? await fetchBytes(weights) : weights;
  const name = typeof weights === 'string' ? nameWeights(weights) : 'weights';
  const model = await openOnnxModel(bytes, { name, providers, ...(threads !== undefined && { threads }) });
  try {
    const { advice, ...description } = describeModel(model.metadata, name);
    const network = createOnnxNetwork(model, description);
    return { network, provider: model.provider, weights: { name, sha256: await hashBytes(bytes) }, ...advice };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const response = await fetchFile(address);
  return new Uint8Array(await response.arrayBuffer());
}

/** SHA-256 in hexadecimal; null in pages that are not served securely. */
async function hashBytes(bytes: Uint8Array): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Tries one way to run programs, in the process that calls it.
import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { BackendError, type BackendName, type Engine, type Program } from '@hovernet/ops/contract';
import { createOnnxEngine, type OnnxEngineOptions } from '../../onnx-engine.js';
import { listProviders, type ProviderName } from '../../session/providers.js';

/** One way to run programs: an execution provider of ONNX Runtime or a backend of TensorFlow.js. */
export type ProbeTarget =
  | { readonly engine: 'onnx'; readonly provider: ProviderName }
  | { readonly engine: 'tfjs'; readonly provider: BackendName };

export interface ProbeResult {
  /** Its packages are installed, for this platform. */
  readonly present: boolean;
  /** A small program ran on it. */
  readonly usable: boolean;
  /** What went wrong, as it was said; empty where nothing did. */
  readonly problem: string;
  /** What to know of one that is usable; may be empty. */
  readonly note: string;
}

/** How the small program runs. */
export interface ProbeSettings {
  /** GPU for providers that can be given one. @default 0 */
  readonly deviceId?: number;
  /** Of onnx; a GPU may lack 16-bit floats. int8, which takes ranges first, is tried as float32. @default 'float32' */
  readonly precision?: OnnxEngineOptions['precision'];
}

/** Never throws; a native library may still end the process. */
export async function probeTarget(target: ProbeTarget, settings: ProbeSettings = {}): Promise<ProbeResult> {
  try {
    return await (target.engine === 'onnx' ? probeProvider(target.provider, settings) : probeBackend(target.provider));
  } catch (error) {
    const present = !(error instanceof BackendError && error.problem === 'missing');
    return { present, usable: false, problem: problemOf(error), note: '' };
  }
}

async function probeProvider(
  provider: ProviderName,
  { deviceId = 0, precision = 'float32' }: ProbeSettings,
): Promise<ProbeResult> {
  let status;
  try {
    status = (await listProviders()).find(({ name }) => name === provider);
  } catch (error) {
    return { present: false, usable: false, problem: problemOf(error), note: '' };
  }
  if (!status?.present) return { present: false, usable: false, problem: status?.reason ?? 'unknown', note: '' };
  const tried = precision === 'int8' ? 'float32' : precision;
  return runOn(createOnnxEngine({ providers: [provider], thread: 'calling', deviceId, precision: tried }));
}

async function probeBackend(backend: BackendName): Promise<ProbeResult> {
  const { openEagerEngine } = await import('@hovernet/ops/node');
  const result = await runOn(await openEagerEngine({ backend }));
  return backend === 'webgpu' && result.usable ? { ...result, note: await describeSoftwareAdapter() } : result;
}

async function runOn(engine: Engine): Promise<ProbeResult> {
  const executable = await engine.compile(await createProgram());
  const { y } = await executable.run({ x: Float32Array.of(-1, 2) });
  await executable.dispose();
  const usable = y!.data[0] === 0 && y!.data[1] === 2;
  return { present: true, usable, problem: usable ? '' : `expected 0 and 2, got ${y!.data.join(' and ')}`, note: '' };
}

/** A convolution: what the network is made of, and what a reduced precision is for. */
async function createProgram(): Promise<Program> {
  const { conv2d, ones, relu } = await import('@tensorflow/tfjs');
  return {
    name: 'probe',
    inputs: [{ name: 'x', shape: [1, 1, 2, 1], dtype: 'float32' }],
    run: ({ x }) => ({ y: relu(conv2d(x as Tensor4D, ones<Rank.R4>([1, 1, 1, 1]), 1, 'valid')) }),
  };
}

interface Adapter {
  readonly info: { readonly isFallbackAdapter?: boolean; readonly description?: string };
}

/** What auto makes of an adapter that is no GPU; empty for a GPU. */
async function describeSoftwareAdapter(): Promise<string> {
  const { navigator } = globalThis as unknown as { navigator: { gpu: { requestAdapter(): Promise<Adapter | null> } } };
  const info = (await navigator.gpu.requestAdapter())?.info;
  return info?.isFallbackAdapter ? `software (${info.description}), slow: auto passes over it` : '';
}

function problemOf(error: unknown): string {
  if (error instanceof BackendError) return error.explanation;
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

// Tries one way to run programs, in the process that calls it.
import { createOnnxEngine, listProviders, type ProviderName } from '@hovernet/onnx/node';
import type { Engine, Program } from '@hovernet/ops';
import { BackendError, openEagerEngine, type BackendName } from '@hovernet/ops/node';
import { relu } from '@tensorflow/tfjs';

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

const program: Program = {
  name: 'probe',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
  run: ({ x }) => ({ y: relu(x!) }),
};

/** Never throws; a native library may still end the process. `deviceId` is the GPU for providers that can be given one. */
export async function probeTarget(
  target: ProbeTarget,
  { deviceId = 0 }: { readonly deviceId?: number } = {},
): Promise<ProbeResult> {
  try {
    return await (target.engine === 'onnx' ? probeProvider(target.provider, deviceId) : probeBackend(target.provider));
  } catch (error) {
    const present = !(error instanceof BackendError && error.problem === 'missing');
    return { present, usable: false, problem: problemOf(error), note: '' };
  }
}

async function probeProvider(provider: ProviderName, deviceId: number): Promise<ProbeResult> {
  let status;
  try {
    status = (await listProviders()).find(({ name }) => name === provider);
  } catch (error) {
    return { present: false, usable: false, problem: problemOf(error), note: '' };
  }
  if (!status?.present) return { present: false, usable: false, problem: status?.reason ?? 'unknown', note: '' };
  return runOn(createOnnxEngine({ providers: [provider], thread: 'calling', deviceId }));
}

async function probeBackend(backend: BackendName): Promise<ProbeResult> {
  const result = await runOn(await openEagerEngine({ backend }));
  return backend === 'webgpu' && result.usable ? { ...result, note: await describeSoftwareAdapter() } : result;
}

async function runOn(engine: Engine): Promise<ProbeResult> {
  const executable = await engine.compile(program);
  const { y } = await executable.run({ x: Float32Array.of(-1, 2) });
  await executable.dispose();
  const usable = y!.data[0] === 0 && y!.data[1] === 2;
  return { present: true, usable, problem: usable ? '' : `expected 0 and 2, got ${y!.data.join(' and ')}`, note: '' };
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

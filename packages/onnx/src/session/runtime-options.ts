// Options of an ONNX Runtime session.
import type { InferenceSession } from 'onnxruntime-node';
import type { ProviderName } from './providers.js';

export interface RuntimeSettings {
  /** Threads within an operation; 0 for one a physical core. */
  readonly threads: number;
  /** GPU for cuda, tensorrt and dml. */
  readonly deviceId: number;
}

/** Options of a session on `provider`; nodes that tensorrt does not take run on cuda, not on the CPU. */
export function toRuntimeOptions(
  provider: ProviderName,
  { threads, deviceId }: RuntimeSettings,
): InferenceSession.SessionOptions {
  return {
    executionProviders: namesOf(provider).map((name) => (takesDevice(name) ? { name, deviceId } : name)),
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    // A memory pattern keeps one block for the whole graph: 9 GB instead of 5.4 GB for a full-size train step.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

function namesOf(provider: ProviderName): readonly ProviderName[] {
  return provider === 'tensorrt' ? ['tensorrt', 'cuda'] : [provider];
}

function takesDevice(name: ProviderName): boolean {
  return name === 'cuda' || name === 'tensorrt' || name === 'dml';
}

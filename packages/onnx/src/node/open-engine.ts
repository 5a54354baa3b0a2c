// Opens the engine that a program asks for: ONNX Runtime with a ladder of providers, or a backend of TensorFlow.js.
import { ArgumentError } from '@hovernet/core';
import type { BackendName, Engine } from '@hovernet/ops/contract';
import { availableParallelism } from 'node:os';
import { createOnnxEngine, type OnnxEngineOptions } from '../onnx-engine.js';
import { PROVIDER_NAMES, type ProviderName } from '../session/providers.js';
import { findGpuProvider, NoGpuError, type FindGpuOptions } from './find-gpu-provider.js';

export interface OpenEngineOptions extends Pick<OnnxEngineOptions, 'precision' | 'calibration' | 'deviceId'> {
  /** `onnx` runs the recorded graph in ONNX Runtime, `tfjs` runs TensorFlow.js itself, in float32. @default 'onnx' */
  readonly engine?: 'onnx' | 'tfjs';
  /**
   * For onnx, execution providers in the order in which they are tried; `auto` is the CPU, the provider that is exact
   * everywhere. For tfjs, one backend; `auto` is the best that starts. @default ['auto']
   */
  readonly providers?: readonly string[];
  /** Threads within an operation of onnx; 0 for one per processor. @default 0 */
  readonly threads?: number;
  /** Folder of optimised graphs; see `SessionOptions.cacheDir`. @default none */
  readonly cacheDir?: string | undefined;
  /** Whether the CPU takes over where `providers` names GPUs alone and none starts. @default false */
  readonly allowCpu?: boolean;
  /** Hears which provider runs where `providers` names GPUs alone. @default nobody */
  readonly onMessage?: (text: string) => void;
  /** Why a provider does not start; undefined where it does. @default runs one operation on it in a process of its own */
  readonly explain?: FindGpuOptions['explain'];
}

/** An option of {@link openEngine} that this engine does not take. */
export class EngineOptionError extends ArgumentError {
  constructor(
    readonly option: 'providers' | 'precision' | 'calibration',
    /** Expected …, got …; remedy. */
    readonly problem: string,
  ) {
    super(`openEngine: ${option}: ${problem}`);
  }
}

/**
 * Opens an engine. Nothing starts before the first program is compiled, with one exception: a ladder without the CPU asks
 * for a GPU, and whether there is one is found out at once.
 * @throws EngineOptionError for an unknown provider, a precision that the engine does not have, or int8 without
 * calibration; NoGpuError where a ladder of GPUs has none that starts and `allowCpu` is not set; BackendError if no
 * backend of tfjs starts.
 */
export async function openEngine(options: OpenEngineOptions = {}): Promise<Engine> {
  const { engine = 'onnx', threads = 0, deviceId = 0, precision = 'float32', calibration, cacheDir } = options;
  if (engine === 'tfjs') return openTfjsEngine(options);
  if (precision === 'int8' && !calibration) {
    const problem = 'expected images to measure ranges on for int8, got none; name some of the training data';
    throw new EngineOptionError('calibration', problem);
  }
  return createOnnxEngine({
    providers: await chooseProviders(options),
    threads: threads > 0 ? threads : availableParallelism(),
    deviceId,
    precision,
    cacheDir,
    ...(calibration && { calibration }),
  });
}

const BACKENDS: readonly (BackendName | 'auto')[] = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'];

async function openTfjsEngine({ providers = ['auto'], precision = 'float32' }: OpenEngineOptions): Promise<Engine> {
  if (precision !== 'float32') {
    throw new EngineOptionError('precision', `expected float32 with the engine tfjs, got ${precision}; use onnx`);
  }
  const [provider = 'auto', second] = providers;
  if (second !== undefined) {
    const problem = `expected one backend with the engine tfjs, got ${providers.join(', ')}`;
    throw new EngineOptionError('providers', problem);
  }
  const backend = pick(BACKENDS, provider);
  const { openEagerEngine } = await import('@hovernet/ops/node');
  return openEagerEngine({ backend });
}

/** The ladder as it will be tried: without providers in front that do not start, if it consists of GPUs. */
async function chooseProviders(options: OpenEngineOptions): Promise<readonly ProviderName[]> {
  const { providers = ['auto'], deviceId = 0, precision = 'float32', allowCpu = false, onMessage, explain } = options;
  const ladder = parseProviders(providers);
  if (ladder.includes('cpu')) return ladder;
  try {
    const found = await findGpuProvider(ladder, { deviceId, precision, ...(explain && { explain }) });
    onMessage?.(`the network runs on ${found[0]!}, ${precision}`);
    return allowCpu ? [...found, 'cpu'] : found;
  } catch (error) {
    if (!allowCpu || !(error instanceof NoGpuError)) throw error;
    onMessage?.(`${error.problem}; the network runs on the CPU, ${precision}, for comparison`);
    return ['cpu'];
  }
}

/**
 * Execution providers of ONNX Runtime by name; `auto` is the CPU.
 * @throws EngineOptionError for an unknown one.
 */
export function parseProviders(names: readonly string[]): readonly ProviderName[] {
  return names.map((name) => (name === 'auto' ? 'cpu' : pick(PROVIDER_NAMES, name)));
}

function pick<T extends string>(known: readonly T[], asked: string): T {
  const found = known.find((name) => name === asked);
  if (found !== undefined) return found;
  const names = known.filter((name) => name !== 'auto').join(', ');
  throw new EngineOptionError('providers', `expected auto or one of ${names}, got ${asked}`);
}

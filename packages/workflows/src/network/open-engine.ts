// The engine that a configuration asks for.
import { ConfigError } from '@hovernet/core';
import type { HoverNetConfig } from '@hovernet/model';
import { createOnnxEngine, PROVIDER_NAMES, type EngineCalibration, type ProviderName } from '@hovernet/onnx/node';
import type { Engine } from '@hovernet/ops';
import { openEagerEngine, type BackendName } from '@hovernet/ops/node';
import { availableParallelism } from 'node:os';
import type { EngineConfiguration } from '../config/configuration.js';
import { readLocalRank } from '../distributed/local-rank.js';
import type { Reporter } from '../report/reporter.js';
import { imageRange, readCalibrationWindows } from './calibration-windows.js';
import { findGpuProvider, NoGpuError, type FindGpuOptions } from './find-gpu-provider.js';

const BACKENDS: readonly (BackendName | 'auto')[] = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'];

export interface EngineSurroundings {
  /** Tells which of the processes on this host this one is: each takes the GPU of its number. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Hears what runs where that is not what was asked for first. @default nobody */
  readonly reporter?: Pick<Reporter, 'message'>;
  /** How it is found out whether a provider starts. @default by running one operation on it */
  readonly explain?: FindGpuOptions['explain'];
}

/**
 * An engine for `config`; int8 needs the network that it will run. `auto` is the CPU for onnx: the provider that is exact everywhere, and nothing starts before the
 * first program is compiled; for tfjs it is the best backend that starts. A ladder without the CPU asks for a GPU: whether
 * there is one is found out at once.
 * @throws ConfigError for an unknown provider, or a precision that the engine does not have; NoGpuError where a ladder of
 * GPUs has none that starts and `allowCpu` is not set; HovernetError if no backend of tfjs starts.
 */
export async function openEngine(
  config: EngineConfiguration,
  network?: HoverNetConfig,
  surroundings: EngineSurroundings = {},
): Promise<Engine> {
  const { name, precision, cacheDir } = config;
  if (name === 'tfjs') return openTfjsEngine(config);
  const deviceId = readLocalRank(surroundings.environment ?? process.env);
  return createOnnxEngine({
    providers: await chooseProviders(config, deviceId, surroundings),
    threads: config.threads > 0 ? config.threads : availableParallelism(),
    deviceId,
    precision,
    cacheDir: cacheDir ?? undefined,
    ...(precision === 'int8' && { calibration: openCalibration(config, network) }),
  });
}

function openTfjsEngine({ providers, precision }: EngineConfiguration): Promise<Engine> {
  if (precision !== 'float32') {
    throw new ConfigError('engine#precision', `expected float32 with the engine tfjs, got ${precision}; use onnx`);
  }
  const [provider, second] = providers;
  if (second !== undefined) {
    throw new ConfigError('engine#provider', `expected one backend with the engine tfjs, got ${providers.join(', ')}`);
  }
  return openEagerEngine({ backend: pick(BACKENDS, provider!) });
}

/** The ladder as it will be tried: without providers in front that do not start, if it consists of GPUs. */
async function chooseProviders(
  { providers, precision, allowCpu = false }: EngineConfiguration,
  deviceId: number,
  { reporter, explain }: EngineSurroundings,
): Promise<readonly ProviderName[]> {
  const ladder = parseProviders(providers);
  if (ladder.includes('cpu')) return ladder;
  try {
    const found = await findGpuProvider(ladder, { deviceId, precision, ...(explain && { explain }) });
    reporter?.message(`the network runs on ${found[0]!}, ${precision}`);
    return allowCpu ? [...found, 'cpu'] : found;
  } catch (error) {
    if (!allowCpu || !(error instanceof NoGpuError)) throw error;
    reporter?.message(`engine#provider: ${error.problem}; the network runs on the CPU, ${precision}, for comparison`);
    return ['cpu'];
  }
}

function openCalibration({ calibration }: EngineConfiguration, network: HoverNetConfig | undefined): EngineCalibration {
  if (calibration === null || !network) {
    const problem = 'expected images to measure ranges on for int8, got none; name some of the training data';
    throw new ConfigError('engine#calibration', problem);
  }
  return {
    known: imageRange,
    samples: ({ inputs }) => {
      const [batchSize, windowPx] = inputs.find(({ name }) => name === 'image')!.shape as [number, number];
      return readCalibrationWindows(calibration, network, { batchSize, windowPx });
    },
  };
}

/**
 * Execution providers of ONNX Runtime by name; `auto` is the CPU.
 * @throws ConfigError for an unknown one.
 */
export function parseProviders(names: readonly string[]): readonly ProviderName[] {
  return names.map((name) => (name === 'auto' ? 'cpu' : pick(PROVIDER_NAMES, name)));
}

function pick<T extends string>(known: readonly T[], asked: string): T {
  const found = known.find((name) => name === asked);
  if (found !== undefined) return found;
  const names = known.filter((name) => name !== 'auto').join(', ');
  throw new ConfigError('engine#provider', `expected auto or one of ${names}, got ${asked}`);
}

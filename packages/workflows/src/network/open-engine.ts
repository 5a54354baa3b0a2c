// The engine that a configuration asks for.
import { ConfigError, UnsupportedError, type Reporter } from '@hovernet/core';
import { listImages } from '@hovernet/data';
import { imageRange, readCalibrationWindows } from '@hovernet/inference/internal';
import type { HoverNetConfig } from '@hovernet/model';
import {
  EngineOptionError,
  NoGpuError,
  openEngine as openEngineWith,
  parseProviders as parseProviderNames,
  type EngineCalibration,
  type OpenEngineOptions,
  type ProviderName,
} from '@hovernet/onnx/node';
import type { Engine } from '@hovernet/ops';
import type { EngineConfiguration } from '../config/configuration.js';
import { readLocalRank } from './local-rank.js';

export interface EngineSurroundings extends Pick<OpenEngineOptions, 'explain'> {
  /** Tells which of the processes on this host this one is: each takes the GPU of its number. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Hears what runs where that is not what was asked for first. @default nobody */
  readonly reporter?: Pick<Reporter, 'message'>;
}

/**
 * As `openEngine` of `@hovernet/onnx/node` for the section `engine`; int8 needs the network that it will run.
 * @throws ConfigError, naming the id, where that throws EngineOptionError; UnsupportedError where it throws NoGpuError.
 */
export async function openEngine(
  config: EngineConfiguration,
  network?: HoverNetConfig,
  { environment = process.env, reporter, explain }: EngineSurroundings = {},
): Promise<Engine> {
  const calibration = openCalibration(config, network);
  try {
    return await openEngineWith({
      ...toEngineOptions(config, { environment, ...(reporter && { reporter }) }),
      ...(calibration && { calibration }),
      ...(explain && { explain }),
    });
  } catch (error) {
    throw toConfigurationError(error);
  }
}

/** The options of `openEngine` for the section `engine`, without calibration. */
export function toEngineOptions(
  { name, providers, threads, precision, cacheDir, allowCpu = false }: EngineConfiguration,
  { environment = process.env, reporter }: Omit<EngineSurroundings, 'explain'> = {},
): Omit<OpenEngineOptions, 'calibration'> {
  return {
    engine: name,
    providers,
    threads,
    precision,
    allowCpu,
    deviceId: readLocalRank(environment),
    cacheDir: cacheDir ?? undefined,
    onMessage: (text) => reporter?.message(text.startsWith('expected') ? `engine#provider: ${text}` : text),
  };
}

/**
 * Execution providers of ONNX Runtime by name; `auto` is the CPU.
 * @throws ConfigError for an unknown one.
 */
export function parseProviders(names: readonly string[]): readonly ProviderName[] {
  try {
    return parseProviderNames(names);
  } catch (error) {
    throw toConfigurationError(error);
  }
}

const ids = { providers: 'engine#provider', precision: 'engine#precision', calibration: 'engine#calibration' } as const;

/** The same problem in the words of a configuration; other errors as they are. */
export function toConfigurationError(error: unknown): unknown {
  if (error instanceof EngineOptionError) return new ConfigError(ids[error.option], error.problem, { cause: error });
  if (!(error instanceof NoGpuError)) return error;
  const remedies = [...error.remedies, 'or give --allow_cpu to run on the CPU for comparison'].join('; ');
  return new UnsupportedError(`engine#provider: ${error.problem}; ${remedies}`, { cause: error });
}

function openCalibration(
  { precision, calibration }: EngineConfiguration,
  network: HoverNetConfig | undefined,
): EngineCalibration | undefined {
  if (precision !== 'int8' || calibration === null || !network) return undefined;
  return {
    known: imageRange,
    samples: async function* ({ inputs }) {
      const [batchSize, windowPx] = inputs.find(({ name }) => name === 'image')!.shape as [number, number];
      yield* readCalibrationWindows(await listImages(calibration), network, { batchSize, windowPx });
    },
  };
}

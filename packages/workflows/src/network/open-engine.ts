// The engine that a configuration asks for.
import { ConfigError } from '@hovernet/core';
import type { HoverNetConfig } from '@hovernet/model';
import { createOnnxEngine, PROVIDER_NAMES, type EngineCalibration, type ProviderName } from '@hovernet/onnx/node';
import type { Engine } from '@hovernet/ops';
import { openEagerEngine, type BackendName } from '@hovernet/ops/node';
import { availableParallelism } from 'node:os';
import type { EngineConfiguration } from '../config/configuration.js';
import { imageRange, readCalibrationWindows } from './calibration-windows.js';

const BACKENDS: readonly (BackendName | 'auto')[] = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'];

/**
 * An engine for `config`; int8 needs the network that it will run. `auto` is the CPU for onnx: the provider that is exact everywhere, and nothing starts before the
 * first program is compiled; for tfjs it is the best backend that starts.
 * @throws ConfigError for an unknown provider, or a precision that the engine does not have; HovernetError if no backend of
 * tfjs starts.
 */
export async function openEngine(config: EngineConfiguration, network?: HoverNetConfig): Promise<Engine> {
  const { name, providers, precision, cacheDir } = config;
  if (name === 'tfjs') {
    if (precision !== 'float32') {
      throw new ConfigError('engine#precision', `expected float32 with the engine tfjs, got ${precision}; use onnx`);
    }
    const [provider, second] = providers;
    if (second !== undefined) {
      throw new ConfigError(
        'engine#provider',
        `expected one backend with the engine tfjs, got ${providers.join(', ')}`,
      );
    }
    return openEagerEngine({ backend: pick(BACKENDS, provider!) });
  }
  return createOnnxEngine({
    providers: parseProviders(providers),
    threads: config.threads > 0 ? config.threads : availableParallelism(),
    precision,
    cacheDir: cacheDir ?? undefined,
    ...(precision === 'int8' && { calibration: openCalibration(config, network) }),
  });
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

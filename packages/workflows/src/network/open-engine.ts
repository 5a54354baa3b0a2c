// The engine that a configuration asks for.
import { ConfigError, UnsupportedError } from '@hovernet/core';
import { createOnnxEngine, type ProviderName } from '@hovernet/onnx/node';
import { createEagerEngine, type Engine } from '@hovernet/ops';
import { availableParallelism } from 'node:os';
import type { EngineConfiguration } from '../config/configuration.js';

const PROVIDERS: readonly ProviderName[] = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'];

/**
 * An engine for `config`; nothing starts before the first program is compiled. `auto` is the CPU for onnx: the provider
 * that is exact everywhere; for tfjs it is libtensorflow where @tensorflow/tfjs-node-gpu is installed.
 * @throws ConfigError for an unknown provider.
 */
export async function openEngine(config: EngineConfiguration): Promise<Engine> {
  const { name, provider } = config;
  const threads = config.threads > 0 ? config.threads : availableParallelism();
  if (name === 'tfjs') return createEagerEngine({ backend: await chooseBackend(provider) });
  const asked = provider === 'auto' ? 'cpu' : PROVIDERS.find((known) => known === provider);
  if (!asked)
    throw new ConfigError('engine#provider', `expected auto or one of ${PROVIDERS.join(', ')}, got ${provider}`);
  return createOnnxEngine({ providers: [asked], threads });
}

/** `tensorflow` is registered by importing the package that brings libtensorflow, which users install themselves. */
async function chooseBackend(provider: string): Promise<string> {
  if (provider !== 'auto' && provider !== 'tensorflow') return provider;
  const packageName = '@tensorflow/tfjs-node-gpu';
  try {
    await import(packageName);
    return 'tensorflow';
  } catch (cause) {
    if (provider === 'auto') return 'cpu';
    throw new UnsupportedError(
      `engine#provider tensorflow: expected ${packageName}, which does not load; npm i ${packageName}`,
      {
        cause,
      },
    );
  }
}

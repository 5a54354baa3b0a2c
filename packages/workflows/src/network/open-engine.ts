// The engine that a configuration asks for.
import { ConfigError } from '@hovernet/core';
import { createOnnxEngine, type ProviderName } from '@hovernet/onnx/node';
import { createEagerEngine, type Engine } from '@hovernet/ops';
import { availableParallelism } from 'node:os';
import type { EngineConfiguration } from '../config/configuration.js';

const PROVIDERS: readonly ProviderName[] = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'];

/**
 * An engine for `config`; nothing starts before the first program is compiled. `auto` is the CPU: the provider that is
 * exact everywhere.
 * @throws ConfigError for an unknown provider.
 */
export function openEngine(config: EngineConfiguration): Engine {
  const { name, provider } = config;
  const threads = config.threads > 0 ? config.threads : availableParallelism();
  if (name === 'tfjs') return createEagerEngine({ backend: provider === 'auto' ? 'cpu' : provider });
  const asked = provider === 'auto' ? 'cpu' : PROVIDERS.find((known) => known === provider);
  if (!asked)
    throw new ConfigError('engine#provider', `expected auto or one of ${PROVIDERS.join(', ')}, got ${provider}`);
  return createOnnxEngine({ providers: [asked], threads });
}

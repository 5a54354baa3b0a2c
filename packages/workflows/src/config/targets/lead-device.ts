// What PyTorch calls a device, as providers.
import { ConfigError } from '@hovernet/core';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Origins } from '../origins.js';
import type { Leads } from './target.js';

/**
 * `engine#provider` where it follows `device`, or was set before it: `cuda:0` is the provider cuda; and the precision that `amp` of a
 * file means on a GPU, where none is set. Throws ConfigError for another GPU than the first:
 * a provider takes what CUDA_VISIBLE_DEVICES shows it.
 */
export function leadDevice({ device, engine, amp, workflow }: JsonObject, origins: Origins): Leads {
  if (typeof device !== 'string') return {};
  const { provider, precision } = isJsonObject(engine) ? engine : {};
  const isNewer = origins.of('device') > origins.of('engine#provider');
  if (provider !== undefined && provider !== device && !isNewer) return {};
  const [, name = device, index = '0'] = /^(\w+):(\d+)$/.exec(device) ?? [];
  if (index !== '0')
    throw new ConfigError('device', `expected ${name} or ${name}:0, got ${device}; set CUDA_VISIBLE_DEVICES=${index}`);
  const half = workflow === 'infer' || workflow === 'evaluate' ? 'float16' : 'mixed';
  const isHalf = amp === true && precision === undefined && !['auto', 'cpu'].includes(name);
  return { 'engine#provider': name, 'engine#precision': isHalf ? half : undefined };
}

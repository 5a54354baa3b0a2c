// What PyTorch calls a device, as providers.
import { ConfigError } from '@hovernet/core';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Leads } from './target.js';

/**
 * `engine#provider` where it follows `device`: `cuda:0` is the provider cuda. Throws ConfigError for another GPU than the first:
 * a provider takes what CUDA_VISIBLE_DEVICES shows it.
 */
export function leadDevice({ device, engine }: JsonObject): Leads {
  if (typeof device !== 'string') return {};
  const provider = isJsonObject(engine) ? engine['provider'] : undefined;
  if (provider !== undefined && provider !== device) return {};
  const [, name = device, index = '0'] = /^(\w+):(\d+)$/.exec(device) ?? [];
  if (index !== '0')
    throw new ConfigError('device', `expected ${name} or ${name}:0, got ${device}; set CUDA_VISIBLE_DEVICES=${index}`);
  return { 'engine#provider': name };
}

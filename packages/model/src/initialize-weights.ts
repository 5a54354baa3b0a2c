// Fresh weights, as MONAI initialises them: Kaiming normal over the fan-in (He et al. 2015).
import type { Random } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import type { StateDict, WeightArray } from './state-dict.js';
import { countElements, listTensors, type TensorEntry } from './tensors.js';

/**
 * Filters are normal with deviation √(2 / fan-in), scales 1, shifts 0, head biases uniform in ±1/√fan-in, running
 * statistics 0 and 1. Every tensor draws from its own fork of `random`.
 */
export function initializeWeights(config: HoverNetConfig, random: Random): StateDict {
  const state = new Map<string, WeightArray>();
  for (const [index, entry] of listTensors(config).entries()) {
    state.set(entry.name, initializeTensor(entry, config, random.fork(index)));
  }
  return state;
}

function initializeTensor(entry: TensorEntry, config: HoverNetConfig, random: Random): WeightArray {
  const { shape, role } = entry;
  if (role === 'batchCount') return { dtype: 'int64', shape, data: new BigInt64Array(1) };
  const data = new Float32Array(countElements(shape));
  if (role === 'filter') {
    const deviation = Math.sqrt(2 / countElements(shape.slice(1)));
    for (let i = 0; i < data.length; i++) data[i] = random.normal(0, deviation);
  } else if (role === 'bias') {
    const bound = 1 / Math.sqrt(config.headChannels);
    for (let i = 0; i < data.length; i++) data[i] = random.uniform(-bound, bound);
  } else if (role === 'scale' || role === 'runningVariance') {
    data.fill(1);
  }
  return { dtype: 'float32', shape, data };
}

// The weights that the reference results of the network were computed with.
import { hashNoise } from './compare.js';

/** One tensor of a state dict, in its order. */
export interface NoiseEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: string;
}

/** Arrays by name: float tensors hold hash noise, batch counters zero. */
export type NoiseWeights = Map<
  string,
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
>;

/** Float tensor number t (counters not counted) holds u(i, t), scaled by its role. */
export function createNoiseWeights(entries: readonly NoiseEntry[]): NoiseWeights {
  const weights: NoiseWeights = new Map();
  let t = 0;
  for (const { name, shape, role } of entries) {
    if (role === 'batchCount') {
      weights.set(name, { dtype: 'int64', shape, data: new BigInt64Array(1) });
      continue;
    }
    const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
    const scale = role === 'filter' ? Math.sqrt(3 / fanIn) : 0.1;
    const offset = role === 'scale' || role === 'runningVariance' ? 1 : 0;
    const data = new Float32Array(shape[0]! * fanIn);
    for (let i = 0; i < data.length; i++) data[i] = offset + scale * hashNoise(i, t);
    weights.set(name, { dtype: 'float32', shape, data });
    t++;
  }
  return weights;
}

// A state dict as the original repository stores it.
import { WeightsError } from '@hovernet/core';
import type { StateDict } from '../state-dict.js';
import { originalBranches, originalConstant, originalNames } from './original-names.js';

/**
 * Under the original's names and in its order: encoder, then the branches tp, np, hv, then its upsampling constant.
 * The arrays are shared.
 * @throws WeightsError for a tensor that no HoVer-Net has.
 */
export function toOriginalTensors(state: StateDict): StateDict {
  const names = [...state.keys()];
  const branchOf = (name: string) => originalBranches.findIndex(([ours]) => name.startsWith(`${ours}.`));
  const groups = [-1, ...originalBranches.keys()].map((branch) => names.filter((name) => branchOf(name) === branch));
  const constant = { dtype: 'float32', shape: [2, 2], data: new Float32Array(4).fill(1) } as const;
  const renamed = groups.flat().map((name) => [toOriginalName(name), state.get(name)!] as const);
  return new Map([...renamed, [originalConstant, constant]]);
}

function toOriginalName(name: string): string {
  const theirs = originalNames.toTheirs(name);
  if (theirs === null) throw new WeightsError(`toOriginalTensors: expected a tensor of a HoVer-Net, got ${name}`);
  return theirs;
}

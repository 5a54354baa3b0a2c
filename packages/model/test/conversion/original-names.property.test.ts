import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originalConstant, originalNames } from '../../src/conversion/original-names.js';
import { toOriginalTensors } from '../../src/conversion/original-tensors.js';
import { translateTensors } from '../../src/conversion/translate-tensors.js';
import { loadStateDict } from '../../src/internal.js';
import { networkConfigs } from '../support/network-configs.js';
import { createNoiseState } from '../support/noise-state.js';

describe('the names of the original repository', () => {
  it('take the weights of any network there and back, bit by bit', () => {
    fc.assert(
      fc.property(networkConfigs, fc.constantFrom('', 'module.'), (config, prefix) => {
        const state = createNoiseState(config);
        const stored = new Map([...toOriginalTensors(state)].map(([name, tensor]) => [prefix + name, tensor]));
        expect(stored.size).toBe(state.size + 1);
        const { convention, tensors, unused } = translateTensors(stored, 'memory');
        expect({ convention, unused }).toEqual({ convention: 'original', unused: [originalConstant] });
        expect([...loadStateDict(config, tensors).state]).toEqual([...state]);
      }),
      { numRuns: Number(process.env['HOVERNET_PROPERTY_RUNS'] ?? 12) },
    );
  });

  it.each(['d0.units.x.conv1.weight', 'decoder.xx.u3.conva.weight', 'upsample2x.unpool_mat', 'conv0.conv.weight'])(
    'know no %s',
    (name) => {
      expect(originalNames.toOurs(name)).toBeNull();
    },
  );

  it('are refused for a tensor that no network has', () => {
    const foreign = new Map([['fc.weight', { dtype: 'float32', shape: [1], data: new Float32Array(1) } as const]]);
    expect(() => toOriginalTensors(foreign)).toThrow(/expected a tensor of a HoVer-Net, got fc\.weight/);
  });
});

import { readFileSync } from 'node:fs';
import { FileError, WeightsError } from '@hovernet/core';
import { hasReference, readReferenceJson, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { identifyWeights } from '../../src/internal.js';

const folder = 'golden/checkpoint';

interface Expected {
  readonly tensors: Record<string, { readonly dtype: string; readonly shape: number[]; readonly values: unknown[] }>;
}

describe.skipIf(!hasReference(folder))('identifyWeights against files of PyTorch', () => {
  const read = (name: string) => identifyWeights(readFileSync(referencePath(`${folder}/${name}`)), name);

  it.each(['plain.pt', 'model.pt', 'desc.tar', 'legacy_plain.pt', 'legacy_desc.tar'])(
    'finds the weights of %s under their own names, whatever is around them',
    (name) => {
      const { origin, part, tensors } = read(name);
      expect({ origin, part }).toEqual({ origin: 'monai', part: 'encoder' });
      const { values, dtype, shape } = readReferenceJson<Expected>(`${folder}/expected.json`).tensors[
        'conv0.conv.weight'
      ]!;
      expect(tensors.get('conv0.conv.weight')).toEqual({ dtype, shape, data: Float32Array.from(values as number[]) });
    },
  );

  it('keeps what lies beside the weights', () => {
    const { metadata } = read('model.pt');
    expect(metadata).toMatchObject({ epoch: '7', lr: '0.0001' });
  });

  it.each(['truncated.pt', 'notazip.pt'])('refuses the damaged %s', (name) => {
    expect(() => read(name)).toThrow(FileError);
  });

  it.each([
    ['state_with_metadata.pt', /expected a HoVer-Net, .*7 tensors of an unknown network \(0\.weight, …\)/],
    ['adam.pt', /expected tensors, .*got the keys state, param_groups/],
  ])('says what %s is not', (name, message) => {
    expect(() => read(name)).toThrow(WeightsError);
    expect(() => read(name)).toThrow(message);
  });
});

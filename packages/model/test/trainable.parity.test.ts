import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { listTrainable } from '../src/internal.js';

const trainFile = 'golden/network_train/train.json';

interface TrainReference {
  readonly stage0_freeze_float32: { readonly trainable_tensors: number; readonly trainable_elements: number };
  readonly full_float32: { readonly grad_norms: Record<string, number> };
}

describe.skipIf(!hasReference(trainFile))('listTrainable against MONAI', () => {
  const readReference = () => readReferenceJson<TrainReference>(trainFile);

  it('lists the tensors that have gradients', () => {
    const names = listTrainable(resolveConfig()).map(({ name }) => name);
    expect(names).toEqual(Object.keys(readReference().full_float32.grad_norms));
  });

  it('leaves as much trainable with a frozen encoder', () => {
    const entries = listTrainable(resolveConfig(), { freezeEncoder: true });
    const { trainable_tensors: tensors, trainable_elements: elements } = readReference().stage0_freeze_float32;
    expect(entries).toHaveLength(tensors);
    expect(entries.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(elements);
  });
});

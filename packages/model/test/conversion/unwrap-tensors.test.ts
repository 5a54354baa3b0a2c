import { WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { unwrapTensors } from '../../src/conversion/unwrap-tensors.js';
import type { StoredTensor } from '@hovernet/files';

const tensor: StoredTensor = { dtype: 'float32', shape: [1], data: Float32Array.of(1) };
const weights = new Map([['a.weight', tensor]]);
const source = 'model.pt';

describe('unwrapTensors', () => {
  it('takes a dictionary of tensors as it is', () => {
    expect(unwrapTensors(weights, { source })).toEqual({ tensors: weights, metadata: {} });
  });

  it.each(['desc', 'model', 'state_dict'])('finds the weights under %s', (name) => {
    expect(unwrapTensors(new Map([[name, weights]]), { source }).tensors).toEqual(weights);
  });

  it('finds them two dictionaries deep', () => {
    const root = new Map([['state_dict', new Map([['model', weights]])]]);
    expect(unwrapTensors(root, { source }).tensors).toEqual(weights);
  });

  it('keeps texts and numbers beside them, as text, and leaves out the rest', () => {
    const root = new Map<string, Parameters<typeof unwrapTensors>[0]>([
      ['model', weights],
      ['epoch', 7],
      ['step', 9007199254740993n],
      ['name', 'run'],
      ['best', true],
      ['none', null],
      ['list', [1, 2]],
      ['optimizer', new Map([['state', new Map()]])],
      ['__proto__', 'harmless'],
    ]);
    const { metadata } = unwrapTensors(root, { source });
    const expected = { epoch: '7', step: '9007199254740993', name: 'run', best: 'true', ['__proto__']: 'harmless' };
    expect(Object.entries(metadata)).toEqual(Object.entries(expected));
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });

  it('takes the dictionary of the key that is asked for', () => {
    const root = new Map([['model', weights], ['ema', new Map([['b', tensor]])]]); // prettier-ignore
    expect([...unwrapTensors(root, { source, key: 'ema' }).tensors.keys()]).toEqual(['b']);
  });

  it('ends where a dictionary contains itself', () => {
    const root = new Map<string, Parameters<typeof unwrapTensors>[0]>();
    root.set('model', root);
    expect(() => unwrapTensors(root, { source })).toThrow(/expected tensors, .*got the keys model$/);
  });

  it.each<[string, Parameters<typeof unwrapTensors>[0], RegExp]>([
    ['a tensor alone', tensor, /model\.pt: expected a dictionary of tensors, got a tensor$/],
    ['a list', [tensor], /got a list$/],
    ['nothing', null, /got nothing$/],
    ['a number', 3, /got a number$/],
    ['an empty dictionary', new Map(), /under one of desc, model, state_dict, got an empty dictionary$/],
    [
      'the state of an optimiser',
      new Map([['state', new Map()], ['param_groups', new Map()]]), // prettier-ignore
      /model\.pt: expected tensors, .*got the keys state, param_groups$/,
    ],
    ['many keys', new Map(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, 1])), /the keys a, b, c, d, e, …$/],
  ])('refuses %s', (_, root, message) => {
    expect(() => unwrapTensors(root, { source })).toThrow(WeightsError);
    expect(() => unwrapTensors(root, { source })).toThrow(message);
  });

  it('names the keys that there are where the one that is asked for is missing', () => {
    const unwrap = () => unwrapTensors(new Map([['model', weights]]), { source, key: 'net' });
    expect(unwrap).toThrow(/model\.pt: expected a dictionary under the key net, got the keys model$/);
  });
});

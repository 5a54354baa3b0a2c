import { ConfigError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { findById, getById, setById, splitId, toAbsoluteId } from '../../src/config/id-path.js';

const document = () => ({ network_def: { mode: 'fast' }, handlers: [{ name: 'a' }, { name: 'b' }], epochs: 50 });

describe('ids', () => {
  it('separates parts by # or ::', () => {
    expect(splitId('train#dataloader::batch_size')).toEqual(['train', 'dataloader', 'batch_size']);
  });

  it('leads through sections and lists', () => {
    expect(getById(document(), 'network_def#mode')).toBe('fast');
    expect(getById(document(), 'handlers::1#name')).toBe('b');
  });

  it('says where nothing is, if asked so', () => {
    expect(findById(document(), 'handlers#1#name')).toBe('b');
    expect(findById(document(), 'handlers#2#name')).toBeUndefined();
  });

  it.each([
    ['x', 'a#b', 'x'],
    ['#x', 'a', 'x'],
    ['#x', 'a#b#c', 'a#b#x'],
    ['##x::y', 'a#b#c', 'a#x#y'],
    ['###x', 'a#b#c', 'x'],
  ])('take %s at %s to be %s', (reference, from, id) => {
    expect(toAbsoluteId(reference, from)).toBe(id);
  });

  it('refuse to lead out of the document', () => {
    expect(() => toAbsoluteId('###x', 'a#b')).toThrow('configuration a#b: ###x leads 3 levels up, but there are 2');
  });

  it('names the id that was likely meant', () => {
    expect(() => getById(document(), 'network_def#mod')).toThrow(
      new ConfigError('network_def#mod', 'there is no such id; did you mean network_def#mode?'),
    );
  });

  it('does not find what objects inherit', () => {
    expect(() => getById(document(), 'constructor')).toThrow(ConfigError);
    expect(() => getById(document(), 'handlers#length')).toThrow(ConfigError);
  });

  it('sets values in sections and lists, and creates missing sections', () => {
    const target = document();
    setById(target, 'handlers#0#name', 'c');
    setById(target, 'loss#lambda_np_ce', 2);
    expect(target).toEqual({ ...document(), handlers: [{ name: 'c' }, { name: 'b' }], loss: { lambda_np_ce: 2 } });
  });

  it('refuses a way through a scalar and past the end of a list', () => {
    expect(() => setById(document(), 'epochs#x', 1)).toThrow('configuration epochs#x: epochs is not a section or list');
    expect(() => setById(document(), 'handlers#2', 1)).toThrow('configuration handlers#2: the list has no element 2');
    expect(() => setById(document(), 'handlers#2#name', 1)).toThrow(ConfigError);
    expect(() => setById(document(), 'handlers#x', 1)).toThrow(ConfigError);
  });

  it('cannot reach the prototype of objects', () => {
    expect(() => setById(document(), '__proto__#polluted', true)).toThrow(ConfigError);
    expect(() => setById(document(), 'network_def#__proto__', { polluted: true })).toThrow(ConfigError);
    expect('polluted' in {}).toBe(false);
  });
});

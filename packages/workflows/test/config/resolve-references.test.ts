import { describe, expect, it } from 'vitest';
import { resolveReferences } from '../../src/config/resolve-references.js';

describe('resolveReferences', () => {
  it('follows references into sections, lists and other references', async () => {
    const document = { a: '@b#c', b: { c: '@d::1', e: '@a' }, d: [0, 'x', '@a'], whole: '@b' };
    expect(await resolveReferences(document)).toEqual({
      a: 'x',
      b: { c: 'x', e: 'x' },
      d: [0, 'x', 'x'],
      whole: { c: 'x', e: 'x' },
    });
  });

  it('computes expressions after what they refer to', async () => {
    const document = { dir: "$@root + '/models'", root: "$@base + '/run'", base: '.' };
    expect(await resolveReferences(document)).toMatchObject({ dir: './run/models' });
  });

  it('leaves text alone that only contains an @', async () => {
    expect(await resolveReferences({ mail: 'a@b', at: '@ b' })).toEqual({ mail: 'a@b', at: '@ b' });
  });

  it('reports a circle with its members', async () => {
    await expect(resolveReferences({ a: '@b', b: '$@c + 1', c: '@a' })).rejects.toThrow(
      'configuration a: it refers to itself: a → b → c → a',
    );
  });

  it('reports where a reference to nothing stands', async () => {
    await expect(resolveReferences({ train: { epochs: '@epoch' }, epochs: 1 })).rejects.toThrow(
      'configuration train#epochs: @epoch refers to nothing: epoch: there is no such id; did you mean epochs?',
    );
  });
});

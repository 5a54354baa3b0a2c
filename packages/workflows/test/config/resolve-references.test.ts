import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/config/json.js';
import { resolveReferences } from '../../src/config/resolve-references.js';

async function resolve(document: JsonObject): Promise<JsonObject> {
  return (await resolveReferences(document)).document;
}

describe('resolveReferences', () => {
  it('follows references into sections, lists and other references', async () => {
    const document = { a: '@b#c', b: { c: '@d::1', e: '@a' }, d: [0, 'x', '@a'], whole: '@b' };
    expect(await resolve(document)).toEqual({
      a: 'x',
      b: { c: 'x', e: 'x' },
      d: [0, 'x', 'x'],
      whole: { c: 'x', e: 'x' },
    });
  });

  it('computes expressions after what they refer to', async () => {
    const document = { dir: "$@root + '/models'", root: "$@base + '/run'", base: '.' };
    expect(await resolve(document)).toMatchObject({ dir: './run/models' });
  });

  it('leaves text alone that only contains an @', async () => {
    expect(await resolve({ mail: 'a@b', at: '@ b' })).toEqual({ mail: 'a@b', at: '@ b' });
  });

  it('reports a circle with its members', async () => {
    await expect(resolve({ a: '@b', b: '$@c + 1', c: '@a' })).rejects.toThrow(
      'configuration a: it refers to itself: a → b → c → a',
    );
  });

  it('reports where a reference to nothing stands', async () => {
    await expect(resolve({ train: { epochs: '@epoch' }, epochs: 1 })).rejects.toThrow(
      'configuration train#epochs: @epoch refers to nothing: epoch: there is no such id; did you mean epochs?',
    );
  });

  it('leads from where a reference stands, one level up for each #', async () => {
    const document = {
      x: 0,
      a: { x: 1, b: { x: 2, near: '@#x', up: '@##x', top: '@###x', sum: '$@#x + @##x' }, list: ['@##x', '@#0'] },
    };
    expect(await resolve(document)).toMatchObject({ a: { b: { near: 2, up: 1, top: 0, sum: 3 }, list: [1, 1] } });
  });

  it('says which ids are referred to', async () => {
    const { referenced } = await resolveReferences({ a: '@b::c', b: { c: 1 }, d: '$@e + 1', e: 2, f: 3 });
    expect([...referenced]).toEqual(['b#c', 'e']);
  });

  it('leaves out what it is told to ignore, with what it refers to', async () => {
    const document = { a: { keep: 1, drop: '$import os' } };
    const { document: resolved } = await resolveReferences(document, {
      isIgnored: (_, key, id) => id === 'a' && key === 'drop',
    });
    expect(resolved).toEqual({ a: { keep: 1 } });
  });

  it('ends in one sentence where too many references lead to each other', async () => {
    const chain = (length: number) => ({
      ...Object.fromEntries(Array.from({ length }, (_, at) => [`k${at}`, `@k${at + 1}`])),
      [`k${length}`]: 1,
    });
    await expect(resolveReferences(chain(20_000))).rejects.toThrow('more than 500 references in a row lead here');
    await expect(resolveReferences(chain(400))).resolves.toMatchObject({ document: { k0: 1 } });
  });

  it('ends where references would fill the memory', async () => {
    const document: JsonObject = { a0: ['x', 'x'] };
    for (let i = 1; i < 60; i++) document[`a${i}`] = [`@a${i - 1}`, `@a${i - 1}`];
    await expect(resolve(document)).rejects.toThrow('references lead to more than 200000 values');
  });
});

describe('components', () => {
  const disabled: JsonObject = { _target_: 'StatsHandler', _disabled_: true };

  it('are taken out of lists and sections where _disabled_ is true, and references to them are null', async () => {
    const document = {
      handlers: [disabled, { ...disabled, _disabled_: 'TRUE' }, { name: 'x', _disabled_: false }],
      section: { gone: disabled, stays: 1 },
      reference: '@section#gone',
    };
    expect(await resolve(document)).toEqual({ handlers: [{ name: 'x' }], section: { stays: 1 }, reference: null });
  });

  it('may compute whether they are disabled', async () => {
    const document = {
      on: false,
      handlers: [
        { x: 1, _disabled_: '$not @on' },
        { x: 2, _disabled_: '@on' },
      ],
    };
    expect(await resolve(document)).toMatchObject({ handlers: [{ x: 2 }] });
  });

  it('keep neither _desc_ nor _mode_ nor _requires_', async () => {
    const document = {
      a: { _target_: 'X', _desc_: 'says what it is', _mode_: 'callable', _requires_: ['@b', '$@b + 1'] },
      b: 1,
    };
    expect(await resolve(document)).toEqual({ a: { _target_: 'X' }, b: 1 });
  });

  it.each<[JsonObject, string]>([
    [{ a: { _requires_: '@a' } }, 'configuration a: it refers to itself: a → a'],
    [{ a: { _requires_: '@b' }, b: '@a' }, 'configuration a: it refers to itself: a → b → a'],
    [{ a: { _requires_: '@c' } }, 'configuration a#_requires_: @c refers to nothing: c: there is no such id'],
    [{ a: { _requires_: 1 } }, 'configuration a#_requires_: expected references such as @network_def, got 1'],
    [{ a: { _disabled_: 3 } }, 'configuration a#_disabled_: expected True or False, got 3'],
    [{ a: { _mode_: 'run' } }, 'configuration a#_mode_: expected default or callable or debug, got "run"'],
  ])('are refused: %j', async (document, message) => {
    await expect(resolve(document)).rejects.toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/config/json.js';
import { resolveMacros } from '../../src/config/resolve-macros.js';
import { resolveReferences } from '../../src/config/resolve-references.js';
import { createTemporaryFiles } from './temporary-files.js';

const { folder, write } = createTemporaryFiles();

async function expand(document: JsonObject): Promise<JsonObject> {
  return (await resolveMacros(document)).document;
}

describe('macros', () => {
  it('copy what is written elsewhere in the document, unresolved', async () => {
    const document = { a: { x: '@b', y: [1, '$@b + 1'] }, b: 2, copy: '%a', part: '%a#y#1', other: '%a::y::0' };
    expect(await expand(document)).toMatchObject({ copy: document.a, part: '$@b + 1', other: 1 });
  });

  it('copy from other files, in part or whole', async () => {
    const json = write('other.json', { net: { mode: 'fast', size: '%size' }, size: 256 });
    const yaml = write('other.yaml', 'net: {mode: original}\n');
    const document = { a: `%${json}#net`, b: `%${json}::net::mode`, c: `%${yaml}`, size: 1 };
    // %size in the other file is that file's.
    expect(await expand(document)).toEqual({
      a: { mode: 'fast', size: 256 },
      b: 'fast',
      c: { net: { mode: 'original' } },
      size: 1,
    });
  });

  it('follow each other and lead from where they stand', async () => {
    const document = {
      train: { loader: { size: 4 }, copy: '%#loader', deep: { copy: '%##loader#size' } },
      again: '%train#copy',
    };
    expect(await expand(document)).toEqual({
      train: { loader: { size: 4 }, copy: { size: 4 }, deep: { copy: 4 } },
      again: { size: 4 },
    });
  });

  it('take relative references along, as text is copied', async () => {
    const document = { a: { one: 1, sum: '$@#one + 1' }, b: { one: 10, sum: '%a#sum' } };
    const { document: resolved } = await resolveReferences(await expand(document));
    expect(resolved).toEqual({ a: { one: 1, sum: 2 }, b: { one: 10, sum: 11 } });
  });

  it('make copies of their own', async () => {
    const expanded = await expand({ a: { x: 1 }, b: '%a' });
    (expanded['b'] as JsonObject)['x'] = 2;
    expect(expanded['a']).toEqual({ x: 1 });
  });

  it.each<[JsonObject, string]>([
    [{ a: '%b', b: ['%a'] }, 'configuration a: it copies itself: %b → %a → %b'],
    [{ a: { b: '%a' } }, 'configuration a#b: it copies itself: %a → %a'],
    [
      { train: { epochs: '%epoch' }, epochs: 1 },
      'configuration train#epochs: %epoch copies nothing: epoch: there is no such id; did you mean epochs?',
    ],
    [{ a: '%##b' }, 'configuration a: ##b leads 2 levels up, but there are 1'],
    [{ a: `%${folder}/missing.json#b` }, 'missing.json: there is no such file'],
  ])('are refused in a circle, and where there is nothing: %j', async (document, message) => {
    await expect(expand(document)).rejects.toThrow(message);
  });

  it('end where they would fill the memory', async () => {
    const document: JsonObject = { a0: ['x', 'x'] };
    for (let i = 1; i < 30; i++) document[`a${i}`] = [`%a${i - 1}`, `%a${i - 1}`];
    await expect(expand(document)).rejects.toThrow('macros copy more than 100000 values');
  });
});

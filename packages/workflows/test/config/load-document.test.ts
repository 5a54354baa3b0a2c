import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFile, loadDocument, packagedFile } from '../../src/config/load-document.js';
import { createTemporaryFiles } from './temporary-files.js';

const { folder, write } = createTemporaryFiles();

describe('configuration files', () => {
  it('replace by id what earlier files say', async () => {
    const first = write('a.json', { epochs: 1, prepare: { ps: [1, 1], ss: [2, 2] } });
    const second = write('b.json', { 'prepare#ps': [3, 3], 'prepare::ss::0': 4, epochs: 2 });
    expect(await loadDocument([first, second])).toEqual({ epochs: 2, prepare: { ps: [3, 3], ss: [4, 2] } });
  });

  it('add to sections and lists where the key begins with +', async () => {
    const first = write('a.json', { imports: ['$import glob'], loss: { a: 1, b: 2 }, train: { handlers: ['x'] } });
    const second = write('b.yaml', '+imports: [$import os]\n+loss: {b: 3, c: 4}\n+train#handlers: [y]\n+new: {d: 5}\n');
    expect(await loadDocument([first, second])).toEqual({
      imports: ['$import glob', '$import os'],
      loss: { a: 1, b: 3, c: 4 },
      train: { handlers: ['x', 'y'] },
      new: { d: 5 },
    });
  });

  it.each([
    [{ loss: [1] }, 'a section and a list'],
    [{ loss: 1 }, 'a section and 1'],
  ])('refuse to merge different things: %j', async ({ loss }, got) => {
    const files = [write('a.json', { loss: {} }), write('b.json', { '+loss': loss })];
    await expect(loadDocument(files)).rejects.toThrow(
      `configuration +loss: + merges two sections or two lists, got ${got}`,
    );
  });

  it('say the same as JSON and as YAML', async () => {
    const yaml = write(
      'same.yml',
      ['# a comment', 'epochs: 3', 'learning_rate: 1e-4', 'base: &base {mode: fast}', 'network_def:', '  <<: *base']
        .concat(['  freeze_encoder: False', '  pretrained_url: null', 'ps: [540, 540]', "text: '@epochs'"])
        .join('\n'),
    );
    const json = write('same.json', {
      epochs: 3,
      learning_rate: 0.0001,
      base: { mode: 'fast' },
      network_def: { mode: 'fast', freeze_encoder: false, pretrained_url: null },
      ps: [540, 540],
      text: '@epochs',
    });
    expect(await loadDocument([yaml])).toEqual(await loadDocument([json]));
  });

  it('are found in the package where the working directory has none', async () => {
    expect(await loadDocument(['configs/train.json'])).toEqual(
      JSON.parse(readFileSync(packagedFile('train'), 'utf8')) as unknown,
    );
    expect(findFile('configs/../package.json')).toBe('configs/../package.json');
    expect(findFile('https://example.org/train.json')).toBe('https://example.org/train.json');
  });

  it.each([
    ['missing.json', undefined, /missing\.json: there is no such file/],
    ['broken.json', '{"a": ', /broken\.json: is not valid JSON/],
    ['yaml-in.json', 'a: 1', /yaml-in\.json: is not valid JSON/],
    ['list.json', '[1]', /list\.json: expected a JSON object/],
    ['text.yaml', 'just text', /text\.yaml: expected sections and values with ids/],
    ['broken.yaml', 'a: [1', /broken\.yaml: is not valid YAML: .* at line 1, column 6/],
    ['twice.json', '{"a": {"b": 1,\n "b": 2}}', /twice\.json: a key stands twice in one section at line 2/],
    ['twice.yaml', 'a: 1\na: 2', /twice\.yaml: a key stands twice in one section at line 2/],
    ['tag.yaml', 'a: !!python/object/apply:os.system ["ls"]', /tag\.yaml: is not valid YAML: Unresolved tag/],
    ['alias.yaml', 'a: *b', /alias\.yaml: is not valid YAML: Unresolved alias/],
    ['nan.yaml', 'a: .nan', /nan\.yaml: NaN is no value/],
    ['deep.json', `{"a": ${'['.repeat(100)}${']'.repeat(100)}}`, /deep\.json: .*nested deeper than 64/],
    ['large.json', `{"a": "${'x'.repeat(5e6)}"}`, /large\.json: expected a configuration of at most 4 MiB/],
    [
      'bomb.yaml',
      ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n'),
      /bomb\.yaml: is not valid YAML: Excessive alias count/,
    ],
  ])('are refused with their name: %s', async (name, content, message) => {
    const path = content === undefined ? join(folder, name) : write(name, content);
    await expect(loadDocument([path])).rejects.toThrow(message);
  });
});

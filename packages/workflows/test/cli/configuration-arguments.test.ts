import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadFromArguments, parseFileList, parseOverrides } from '../../src/cli/configuration-arguments.js';
import { packagedFile } from '../../src/config/load-document.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-arguments-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe('parseOverrides', () => {
  it('reads pairs, equal signs, flags and negative numbers in their order', async () => {
    const words = [
      '--stage',
      '1',
      '--network_def#freeze_encoder',
      'False',
      '--raw',
      '--seed=-1',
      '--x',
      '-2',
      '--ps',
      '[1, 2]',
    ];
    expect(await parseOverrides(words)).toEqual([
      ['stage', 1],
      ['network_def#freeze_encoder', false],
      ['raw', true],
      ['seed', -1],
      ['x', -2],
      ['ps', [1, 2]],
    ]);
  });
});

describe('parseFileList', () => {
  it.each([
    ['a.json', ['a.json']],
    ['a.json, b.json', ['a.json', 'b.json']],
    ["['a.json','b.json']", ['a.json', 'b.json']],
    [undefined, []],
  ])('reads %j', async (value, files) => {
    expect(await parseFileList(value)).toEqual(files);
  });
});

describe('loadFromArguments', () => {
  it('lets files win over the packaged ones, ids over files, and options over the arguments file', async () => {
    const config = write('config.json', { epochs: 7, seed: 7 });
    const args_file = write('args.json', { config_file: config, seed: 8, batch_size: 3, learning_rate: '$1 / 1000' });
    const loaded = await loadFromArguments({ args_file }, ['--seed', '9'], [packagedFile('train')]);
    expect(loaded.training.epochs).toBe(7);
    expect(loaded.training.sampler.batchSize).toBe(3);
    expect(loaded.optimizer.learningRate).toBe(0.001);
    expect(loaded.seed).toBe(9);
  });

  it('reads the list of files of the bundle', async () => {
    const config_file = "['configs/train.json','configs/evaluate.json']";
    expect((await loadFromArguments({ config_file }, [], [])).workflow).toBe('evaluate');
  });
});

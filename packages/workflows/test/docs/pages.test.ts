import { describe, expect, it } from 'vitest';
import { parseCommands } from './documented-command.js';
import { parseMark } from './marks.js';
import { parseBlocks } from './pages.js';

describe('parseBlocks', () => {
  it('reads language, text, line and the comment directly before a block', () => {
    const page =
      'Text\n\n<!-- not run: no\n  GPU -->\n\n```sh\nhovernet doctor\n```\n\n- item\n\n  ```json\n  {\n  }\n  ```\n';
    expect(parseBlocks(page, 'page.md')).toEqual([
      { page: 'page.md', line: 6, language: 'sh', text: 'hovernet doctor', mark: 'not run: no GPU' },
      { page: 'page.md', line: 12, language: 'json', text: '{\n}', mark: '' },
    ]);
  });

  it('refuses a block without an end', () => {
    expect(() => parseBlocks('```sh\nls\n', 'page.md')).toThrow('page.md:1: expected an end of the block');
  });
});

describe('parseCommands', () => {
  it('takes the arguments of hovernet out of what stands around it', () => {
    const block = [
      `CUDA_VISIBLE_DEVICES=0 mpirun -n 2 npx hovernet run --config_file "['a.json','b.json']" --network_def#width 0.5 &`,
      'hovernet infer a.png \\',
      '  --raw   # with the raw maps',
      '# a comment',
      'npm i koffi@3.3.4 # MPI',
    ].join('\n');
    expect(parseCommands(block).map(({ words, text }) => words ?? text)).toEqual([
      ['run', '--config_file', "['a.json','b.json']", '--network_def#width', '0.5'],
      ['infer', 'a.png', '--raw'],
      'npm i koffi@3.3.4',
    ]);
  });
});

describe('parseMark', () => {
  it('knows five kinds and refuses everything else', () => {
    expect(parseMark('')).toEqual({ kind: 'run' });
    expect(parseMark('not run: it takes a GPU')).toEqual({ kind: 'not run', reason: 'it takes a GPU' });
    expect(parseMark('run by: a.test.ts, b.test.ts')).toEqual({ kind: 'run by', tests: ['a.test.ts', 'b.test.ts'] });
    expect(() => parseMark('not run')).toThrow('expected <!-- run small: why -->');
  });
});

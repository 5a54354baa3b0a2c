// Every command of the how-to says which test executes it, or why none does.
import { workspacePath } from '@hovernet/testing';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Block {
  readonly commands: readonly string[];
  /** The paragraph behind it. */
  readonly mark: string;
}

const text = readFileSync(workspacePath('docs/how-to/use-a-gpu.md'), 'utf8');
const blocks: Block[] = Array.from(text.matchAll(/^```sh\n(.*?)^```\n\n(.*?)\n\n/gms), ([, commands, mark]) => ({
  commands: commands!.trim().split('\n'),
  mark: mark!,
}));

const testsOf = (mark: string) => Array.from(mark.matchAll(/`(packages\/\S+\.test\.ts)`/g), ([, path]) => path!);

describe('docs/how-to/use-a-gpu.md', () => {
  it('marks every command', () => {
    expect(blocks).toHaveLength(text.match(/^```sh$/gm)!.length);
    for (const { commands, mark } of blocks)
      expect(mark, commands.join('\n')).toMatch(/^(Executed by `|Not executed: )/);
  });

  it('names tests that exist', () => {
    const paths = blocks.flatMap(({ mark }) => testsOf(mark));
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(existsSync(workspacePath(path)), path).toBe(true);
  });

  it('executed commands have their name and options in the test that is named', () => {
    for (const { commands, mark } of blocks.filter(({ mark: own }) => own.startsWith('Executed by'))) {
      const [path] = testsOf(mark);
      const source = readFileSync(workspacePath(path!), 'utf8');
      for (const command of commands) {
        const words = command.split(' ').slice(2);
        for (const word of [words[0]!, ...words.filter((each) => each.startsWith('--') || each.includes('configs/'))]) {
          expect(source, `${path}: ${word} of ${command}`).toContain(word.replace(/^"|"$/g, ''));
        }
      }
    }
  });
});

// docs/reference/command-line.md has the commands and options that the program itself has.
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { describeCommand } from './describe-commands.js';
import { readPage } from './pages.js';

const page = readPage('docs/reference/command-line.md');
const io = { stdout: process.stdout, stderr: process.stderr, signal: new AbortController().signal };
const { commands } = createProgram(io, () => undefined);

/** The page's sections by their headings. */
const sections = new Map(page.split(/^## /m).map((text) => [text.split('\n', 1)[0]!, text] as const));

/** Rows of the tables in a section that begin with a name, without the spaces that align them. */
function readRows(section: string): string[] {
  const rows = (sections.get(section) ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.replaceAll(/ +/g, ' '));
}

describe('docs/reference/command-line.md', () => {
  it('has a section for every command, in their order', () => {
    const names = commands.map((command) => command.name());
    expect([...sections.keys()].filter((heading) => !/\s/.test(heading) && heading !== '#')).toEqual(names);
  });

  it.each(commands.map((command) => [command.name(), command] as const))('has the options of %s', (name, command) => {
    const { own, common, configuration } = describeCommand(command);
    expect(readRows(name)).toEqual(own);
    expect(readRows('Options of every command')).toEqual(common);
    if (configuration.length > 0)
      expect(readRows('Options of commands that take a configuration')).toEqual(configuration);
  });

  it('says which commands take a configuration', () => {
    const section = sections.get('Options of commands that take a configuration');
    for (const command of commands)
      expect(section?.includes(`\`${command.name()}\``)).toBe(describeCommand(command).configuration.length > 0);
  });

  it('says what each command does in the words of its help', () => {
    for (const command of commands) expect(sections.get(command.name())).toContain(command.description());
  });
});

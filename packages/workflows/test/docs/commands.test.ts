// Every command in the documentation is executed, or its source says why not.
import { workspacePath } from '@hovernet/testing';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../cli/run-captured.js';
import { smallOutputPx } from '../e2e/small-project.js';
import { acceptArguments } from './accept-arguments.js';
import { parseCommands, type DocumentedCommand } from './documented-command.js';
import { writeGivenFiles } from './given-files.js';
import { parseMark, type Mark } from './marks.js';
import { listPages, readBlocks, type FencedBlock } from './pages.js';
import { runScript } from './run-script.js';

/** Everything as it stands, but for networks of full size: some minutes. */
const whole = process.env['HOVERNET_DOCS'] === 'whole';
/** For a block; much, because other tests may take the processors. */
const timeoutMs = whole ? 7_200_000 : 180_000;

const oneStep = ['--train#trainer#max_steps', '1'];
const smallTraining = [
  ...['--network_def#preset', 'tiny', '--network_def#width', '0.5', '--batch_size', '2', ...oneStep],
  ...['--patch_size', '128', '--out_size', String(smallOutputPx)],
];

const root = mkdtempSync(join(tmpdir(), 'hovernet-docs-'));
const given = join(root, 'given');
const cwd = process.cwd();
beforeAll(() => {
  mkdirSync(given);
  return writeGivenFiles(given);
});
afterAll(() => {
  process.chdir(cwd);
  rmSync(root, { recursive: true });
});

/** Scripts in the READMEs of packages are run by tests of the packages. */
const isScript = ({ page, language }: FencedBlock) => page.startsWith('docs/') && /^[jt]s$/.test(language);

/** Blocks of a page that its test does something with. */
const pages = listPages().map((page) => ({
  page,
  blocks: readBlocks(page).filter(
    (block) => block.language === 'sh' || isScript(block) || /^(?:file: |output$)/.test(block.mark),
  ),
}));

describe.each(pages.filter(({ blocks }) => blocks.length > 0))('$page', ({ page, blocks }) => {
  /** What the latest block of commands wrote to standard output; undefined where that is not what the page shows. */
  let printed: string | undefined;
  beforeAll(() => {
    const folder = join(root, page.replaceAll('/', '-'));
    cpSync(given, folder, { recursive: true });
    process.chdir(folder);
  });

  it.each(blocks.map((block) => ({ block, name: nameBlock(block) })))(
    '$name',
    async ({ block }) => {
      const { mark, text } = block;
      if (mark === 'output') {
        if (printed !== undefined) expect(printed).toContain(text);
        return;
      }
      if (mark.startsWith('file: ')) {
        const path = mark.slice('file: '.length);
        mkdirSync(dirname(path), { recursive: true });
        return writeFileSync(path, `${text}\n`);
      }
      printed = isScript(block) ? await runScript(text) : await runBlock(parseCommands(text), parseMark(mark));
    },
    timeoutMs,
  );
});

async function runBlock(commands: readonly DocumentedCommand[], mark: Mark): Promise<string | undefined> {
  let printed = '';
  for (const { words } of commands) if (words) await acceptArguments(words);
  if (mark.kind === 'not run') return undefined;
  if (mark.kind === 'run by') return assertRunElsewhere(commands, mark.tests);
  for (const command of commands) printed += await runCommand(command, mark.kind);
  return mark.kind === 'run' || (whole && mark.kind === 'run short') ? printed : undefined;
}

async function runCommand({ text, words }: DocumentedCommand, kind: Mark['kind']): Promise<string> {
  if (!words) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', text], { encoding: 'utf8' });
    expect(status, `${text}: ${stderr}`).toBe(0);
    return stdout;
  }
  const trains = words[0] === 'train' || (words[0] === 'run' && !/evaluate|inference/.test(words.join(' ')));
  const reductions = kind === 'run small' ? smallTraining : kind === 'run short' && !whole ? oneStep : [];
  const { exitCode, stdout, stderr } = await runCaptured(trains ? [...words, ...reductions] : words);
  expect(exitCode, `${text}: ${stderr}`).toBe(0);
  return stdout;
}

/** The named tests hold the command's name and options. */
function assertRunElsewhere(commands: readonly DocumentedCommand[], tests: readonly string[]): undefined {
  for (const path of tests) expect(existsSync(workspacePath(path)), path).toBe(true);
  const source = tests.map((path) => readFileSync(workspacePath(path), 'utf8')).join('\n');
  for (const { words = [] } of commands) {
    const told = words.filter((word, at) => at === 0 || word.startsWith('--') || word.includes('configs/'));
    for (const word of told) expect(source, `${tests.join(', ')}: ${words.join(' ')}`).toContain(word);
  }
}

function nameBlock({ line, text, mark }: FencedBlock): string {
  const [first] = mark.startsWith('file: ') || mark === 'output' ? [mark] : text.split('\n');
  return `line ${line}: ${first}`;
}

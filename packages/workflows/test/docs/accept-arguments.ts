// Whether `hovernet` takes arguments, without doing what they say.
import { expect } from 'vitest';
import { parseFileList } from '../../src/cli/configuration-arguments.js';
import { createProgram } from '../../src/cli/program.js';
import { runCaptured } from '../cli/run-captured.js';

/** The packaged files under what `--config_file` names. */
const packaged: Readonly<Record<string, readonly string[]>> = {
  run: [],
  train: ['configs/train.json'],
  preview: ['configs/train.json'],
  evaluate: ['configs/train.json', 'configs/evaluate.json'],
  infer: ['configs/inference.json'],
};

/** Fails where an option is unknown, a value is wrong, or `hovernet config check` finds a problem. */
export async function acceptArguments(words: readonly string[]): Promise<void> {
  const io = { stdout: process.stdout, stderr: process.stderr, signal: new AbortController().signal };
  const program = createProgram(io, () => undefined);
  if (words.length === 1 && ['--help', '--version'].includes(words[0]!)) return;
  const command = program.commands.find((each) => each.name() === words[0]);
  expect(command, `hovernet ${words[0]}`).toBeDefined();
  if (words.includes('--help')) return;
  command!.action(() => undefined);
  await program.parseAsync([...words], { from: 'user' });
  const files = packaged[command!.name()];
  if (!files) return;
  const { config_file } = command!.opts<{ config_file?: string }>();
  const list = [...files, ...(await parseFileList(config_file))].map((file) => `'${file}'`);
  const firstId = command!.args.findIndex((word) => word.startsWith('--'));
  const overrides = firstId < 0 ? [] : command!.args.slice(firstId);
  const check = await runCaptured(['config', 'check', '--config_file', `[${list.join(',')}]`, ...overrides]);
  expect(check, words.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
}

import { HovernetError } from '@hovernet/core';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { runCaptured } from './run-captured.js';

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'hovernet-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('version', () => {
  it('is printed to standard output', async () => {
    const { exitCode, stdout } = await runCaptured(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('help', () => {
  it('lists every command on standard output', async () => {
    const { exitCode, stdout, stderr } = await runCaptured(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map((match) => match[1]);
    expect(commands.filter((name) => name !== 'help')).toEqual([
      'prepare',
      'preview',
      'train',
      'evaluate',
      'infer',
      'run',
      'config',
      'score',
      'postprocess',
      'convert',
      'diff',
      'report',
      'inspect',
      'slide',
      'export',
      'bench',
      'doctor',
    ]);
  });

  it('is shown, as a failure, where no command is given', async () => {
    const { exitCode, stderr } = await runCaptured([]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Usage: hovernet');
  });

  it('needs none of the slow packages', () => {
    const loaded = listStaticImports(join(packageRoot, 'src/cli/main.ts'));
    expect([...loaded].filter((name) => !name.startsWith('/') && !name.startsWith('node:')).sort()).toEqual([
      '@hovernet/core',
      '@hovernet/export/formats',
      'cli-progress',
      'commander',
    ]);
  });
});

describe('wrong use', () => {
  it.each([
    [['prepare', '--foo'], "hovernet: unknown option '--foo' (Did you mean --root?)\n"],
    [['prepre'], "hovernet: unknown command 'prepre' (Did you mean prepare?)\n"],
    [['score', '--true', 'x'], "hovernet: required option '--pred <folder>' not specified\n"],
    [
      ['prepare', '--jobs', 'two'],
      /^hovernet: option '--jobs <number>' argument 'two' is invalid\. Expected an integer/,
    ],
    [['bench', 'all'], /^hovernet: .*'all' is invalid.*Allowed choices are forward, train-step/],
    [['train', 'now'], 'hovernet: unexpected argument now: expected --ID VALUE\n'],
    [['train', '--epoch', '3'], 'hovernet: configuration epoch: there is no such id; did you mean epochs?\n'],
    [['run'], 'hovernet: run: expected --config_file FILE, for example configs/train.json\n'],
    [['run', '--config_file', '[1'], /^hovernet: value \[1: expected a list that ends with \]/],
    [['run', '--config_file', 'nowhere.json'], 'hovernet: nowhere.json: there is no such file\n'],
    [['infer', '--meta_file', 'nowhere.json'], 'hovernet: nowhere.json: there is no such file\n'],
  ])('gives one sentence and exit code 1: %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await runCaptured(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('shows the stack with --verbose only', async () => {
    const words = ['inspect', join(folder, 'missing.npy')];
    expect((await runCaptured(words)).stderr).not.toContain(' at ');
    expect((await runCaptured([...words, '--verbose'])).stderr).toMatch(/\n\s+at .*\ncaused by: Error: ENOENT/s);
  });
});

describe('interruption', () => {
  it('ends with exit code 130', async () => {
    const controller = new AbortController();
    controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
    const samples = resolve(packageRoot, '../../samples/nucls');
    const words = ['prepare', '--root', samples, '--taxonomy', 'nucls', '--out', join(folder, 'out')];
    const { exitCode, stderr } = await runCaptured(
      [...words, '--ps', '436', '436', '--ss', '128', '128'],
      controller.signal,
    );
    expect(exitCode).toBe(130);
    expect(stderr).toBe('hovernet: interrupted\n');
    expect(existsSync(join(folder, 'out', 'Train'))).toBe(false);
  });
});

describe('bin/hovernet.js', () => {
  it('says to build first where dist is missing', async () => {
    cpSync(join(packageRoot, 'bin'), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const run = promisify(execFile)(process.execPath, [join(folder, 'bin/hovernet.js')]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^hovernet is not built yet: run .*\n$/) as string,
    });
  });
});

/** Packages and files that loading `entry` loads; imports of types and dynamic imports do not count. */
function listStaticImports(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(entry, 'utf8');
  for (const [, clause, name] of source.matchAll(/^(?:import|export)\s([^;]*?)from '([^']+)';/gms)) {
    const names = clause!.replace(/[{}\s]/g, '').split(',');
    const typesOnly =
      clause!.startsWith('type ') || (clause!.startsWith('{') && /^\s*\{(\s*type \w+,?)+\s*\}/.test(clause!));
    if (typesOnly || names.length === 0) continue;
    if (name!.startsWith('.')) listStaticImports(resolve(dirname(entry), name!.replace(/\.js$/, '.ts')), seen);
    else seen.add(name!);
  }
  return seen;
}

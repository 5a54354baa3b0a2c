// Training whose process is killed without warning, again and again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCaptured } from '../cli/run-captured.js';
import { prepareSmallProject } from './small-project.js';

const script = fileURLToPath(new URL('../cli/hovernet-from-sources.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-train-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

let config: string;
beforeAll(async () => {
  config = await prepareSmallProject(folder);
  expect(await runCaptured(commandFor('whole'))).toMatchObject({ exitCode: 0 });
});

const commandFor = (name: string, words: readonly string[] = []) => [
  ...['train', '--config_file', config, '--bundle_root', join(folder, name)],
  ...words,
];

/** Starts training in a process of its own and kills it as soon as `when` holds. */
async function killWhen(name: string, when: () => boolean, words: readonly string[] = []): Promise<void> {
  const child = spawn(process.execPath, [script, ...commandFor(name, words)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !when()) await wait(2);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

/** Steps that the latest process has reported; an event of a step takes about 200 bytes. */
function countSteps(name: string, files: number): number {
  const events = join(folder, name, 'eval/stage0/tensorboard');
  const written = existsSync(events) ? readdirSync(events).sort() : [];
  return written.length < files ? 0 : Math.floor(statSync(join(events, written.at(-1)!)).size / 200);
}

const readWeights = (name: string) => readFileSync(join(folder, name, 'models/stage0/model.safetensors'));

it('reaches the bytes of an undisturbed run', async () => {
  const state = join(folder, 'killed/models/stage0/training-state.safetensors');
  await killWhen('killed', () => countSteps('killed', 1) >= 2);
  expect(existsSync(state)).toBe(false);
  await killWhen('killed', () => existsSync(state) && countSteps('killed', 2) >= 2);
  const last = await runCaptured(commandFor('killed'));
  expect(last.stderr).toContain('resumed from');
  expect(last.exitCode).toBe(0);
  expect(readWeights('killed').equals(readWeights('whole'))).toBe(true);
}, 240_000);

it('loses no more than the time between two states', async () => {
  const withinState = join(folder, 'within/models/stage0/training-state.safetensors');
  const always = ['--train#trainer#save_minutes', '0'];
  await killWhen('within', () => existsSync(withinState) && countSteps('within', 1) >= 2, always);
  const within = await runCaptured(commandFor('within', always));
  expect(within.stderr).toMatch(/resumed from .*, after \d+ patches of epoch 1/);
  expect(readWeights('within').equals(readWeights('whole'))).toBe(true);
}, 240_000);

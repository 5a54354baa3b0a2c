// The same seed gives the same bytes, interrupted or not.
import { HovernetError } from '@hovernet/core';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCaptured, type CapturedRun } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';
import { prepareSmallProject } from './small-project.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-reproducibility-'));
afterAll(() => rmSync(folder, { recursive: true }));

let config: string;

beforeAll(async () => {
  config = await prepareSmallProject(folder);
  expect(await train('whole')).toMatchObject({ exitCode: 0 });
});

/** Trains into `{folder}/{name}`; aborted as soon as `after` is announced, or by the caller. */
function train(
  name: string,
  words: string[] = [],
  { after, controller = new AbortController() }: { after?: RegExp; controller?: AbortController } = {},
): Promise<CapturedRun> {
  const command = ['train', '--config_file', config, '--bundle_root', join(folder, name), ...words];
  return runCaptured(command, controller.signal, (text) => {
    if (after?.test(text)) controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  });
}

function readWeights(name: string): Buffer {
  return readFileSync(join(folder, name, 'models/stage0/model.safetensors'));
}

/** Steps of `{folder}/{name}` that are on record; an event of a step takes about 200 bytes. */
function countSteps(name: string): number {
  const events = join(folder, name, 'eval/stage0/tensorboard');
  const [file] = existsSync(events) ? readdirSync(events) : [];
  return file === undefined ? 0 : Math.floor(statSync(join(events, file)).size / 200);
}

it('trains to the same bytes with the same seed, and to others with another', async () => {
  expect(await train('again')).toMatchObject({ exitCode: 0 });
  expect(readWeights('again').equals(readWeights('whole'))).toBe(true);
  expect(await train('other', ['--seed', '5', '--epochs', '1'])).toMatchObject({ exitCode: 0 });
  expect(readWeights('other').equals(readWeights('whole'))).toBe(false);
});

it('goes on after an interruption between two epochs to the bytes of a run without one', async () => {
  const run = () => train('interrupted', [], { after: /^epoch 1\/2: loss/m });
  const state = join(folder, 'interrupted/models/stage0/training-state.safetensors');
  expect(await run()).toMatchObject({ exitCode: 130 });
  expect(existsSync(state)).toBe(true);
  expect(existsSync(join(folder, 'interrupted/models/stage0/model.safetensors'))).toBe(false);
  const resumed = await train('interrupted');
  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).toContain('resumed from');
  expect(resumed.stderr).not.toContain('epoch 1/2');
  expect(readWeights('interrupted').equals(readWeights('whole'))).toBe(true);
  expect(existsSync(state)).toBe(false);
  const log = readFileSync(join(folder, 'interrupted/eval/stage0/train_log.jsonl'), 'utf8').trim().split('\n');
  expect(log.map((line) => (JSON.parse(line) as { epoch: number }).epoch)).toEqual([1, 2]);
});

it('goes on after an interruption within an epoch from its last step', async () => {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (countSteps('within') > 5) controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  }, 2);
  expect(await train('within', [], { controller })).toMatchObject({ exitCode: 130 });
  clearInterval(timer);
  const resumed = await train('within');
  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).toMatch(/resumed from .*, after \d+ patches of epoch 2/);
  expect(readWeights('within').equals(readWeights('whole'))).toBe(true);
  const read = (name: string) =>
    readFileSync(join(folder, name, 'eval/stage0/train_log.jsonl'), 'utf8')
      .trim()
      .split('\n');
  const withoutTime = (line: string) => ({ ...(JSON.parse(line) as object), seconds: 0 });
  expect(read('within').map(withoutTime)).toEqual(read('whole').map(withoutTime));
});

it('goes on from the state before the last one where the last one is damaged', async () => {
  const run = () => train('damaged', ['--epochs', '3'], { after: /^epoch 2\/3: loss/m });
  const state = join(folder, 'damaged/models/stage0/training-state.safetensors');
  expect(await run()).toMatchObject({ exitCode: 130 });
  writeFileSync(state, readFileSync(state).subarray(0, 1000));
  const resumed = await train('damaged');
  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).toMatch(
    /resumed from .*training-state\.former\.safetensors, because the state after it is damaged/,
  );
  expect(readWeights('damaged').equals(readWeights('whole'))).toBe(true);
  expect(listFiles(join(folder, 'damaged/models')).filter((path) => path.includes('training-state'))).toEqual([]);
});

it('stops within an epoch without leaving anything unfinished', async () => {
  const { exitCode, stderr } = await train('stopped', [], { after: /^training/m });
  expect(exitCode).toBe(130);
  expect(stderr.trim().split('\n').at(-1)).toBe('hovernet: interrupted');
  expect(listFiles(join(folder, 'stopped')).map((path) => path.replace(/(?<=tfevents).*/, ''))).toEqual([
    'eval/stage0/tensorboard/events.out.tfevents',
    'eval/stage0/train_config.json',
    'eval/stage0/train_log.jsonl',
  ]);
});

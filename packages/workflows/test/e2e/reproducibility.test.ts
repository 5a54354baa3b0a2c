// The same seed gives the same bytes, interrupted or not.
import { HovernetError } from '@hovernet/core';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Trains into `{folder}/{name}`; aborted as soon as `interruptAfter` is announced. */
function train(name: string, words: string[] = [], interruptAfter?: RegExp): Promise<CapturedRun> {
  const controller = new AbortController();
  const command = ['train', '--config_file', config, '--bundle_root', join(folder, name), ...words];
  return runCaptured(command, controller.signal, (text) => {
    if (interruptAfter?.test(text)) controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  });
}

function readWeights(name: string): Buffer {
  return readFileSync(join(folder, name, 'models/stage0/model.safetensors'));
}

it('trains to the same bytes with the same seed, and to others with another', async () => {
  expect(await train('again')).toMatchObject({ exitCode: 0 });
  expect(readWeights('again').equals(readWeights('whole'))).toBe(true);
  expect(await train('other', ['--seed', '5', '--epochs', '1'])).toMatchObject({ exitCode: 0 });
  expect(readWeights('other').equals(readWeights('whole'))).toBe(false);
});

it('goes on after an interruption between two epochs to the bytes of a run without one', async () => {
  const run = () => train('interrupted', [], /^epoch 1\/2: loss/m);
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
  const log = readFileSync(join(folder, 'interrupted/eval/train_log.jsonl'), 'utf8').trim().split('\n');
  expect(log.map((line) => (JSON.parse(line) as { epoch: number }).epoch)).toEqual([1, 2]);
});

it('goes on from the state before the last one where the last one is damaged', async () => {
  const run = () => train('damaged', ['--epochs', '3'], /^epoch 2\/3: loss/m);
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
  const { exitCode, stderr } = await train('stopped', [], /^training/m);
  expect(exitCode).toBe(130);
  expect(stderr.trim().split('\n').at(-1)).toBe('hovernet: interrupted');
  expect(listFiles(join(folder, 'stopped')).map((path) => path.replace(/(?<=tfevents).*/, ''))).toEqual([
    'eval/tensorboard/events.out.tfevents',
    'eval/train_config.json',
    'eval/train_log.jsonl',
  ]);
});

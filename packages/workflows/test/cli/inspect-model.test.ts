import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@hovernet/core';
import { initializeWeights, resolveConfig } from '@hovernet/model';
import { afterAll, describe, expect, it } from 'vitest';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-inspect-model-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('inspect --model', () => {
  it('counts parameters and multiply–accumulates of each stage of the standard network', async () => {
    const run = await runCaptured(['inspect', '--model', '--json']);
    const document = parseOutput(run) as { stages: unknown[]; macs: number };
    expect(document).toMatchObject({ parameters: 37_639_561, trainable_frozen: 14_165_641, window: 256, output: 164 });
    expect(document.macs / 1e9).toBeCloseTo(149.6, 1);
    expect(document.stages[0]).toEqual({ stage: 'conv0', parameters: 9536, macs: 616_562_688 });
  });

  it('prints a table for people', async () => {
    const { stdout } = await runCaptured(['inspect', '--model', 'base', '--mode', 'original', '--out_classes', '0']);
    expect(stdout).toMatch(/^total +45028676 /m);
    expect(stdout).toContain('mode original, reference monai, no type branch, 631 tensors');
    expect(stdout).toContain('window 270 px → output 80 px');
  });

  it('describes the network of a weight file', async () => {
    const config = resolveConfig({ preset: 'tiny', outClasses: 3 });
    const path = join(folder, 'tiny.safetensors');
    await writeCheckpoint(path, { config, classes: [], state: initializeWeights(config, createRandom(1)) });
    const document = parseOutput(await runCaptured(['inspect', path, '--model', '--json']));
    expect(document).toMatchObject({ config: { out_classes: 3, stem_channels: 8 }, output: 204 });
  });

  it('names the nearest windows where one does not fit', async () => {
    const { exitCode, stderr } = await runCaptured(['inspect', '--model', '--window', '255']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nearest that fit: 248 and 256 px');
  });

  it('asks for a file or a network', async () => {
    const { exitCode, stderr } = await runCaptured(['inspect']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('expected a file, or --model');
  });
});

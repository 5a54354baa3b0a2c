import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { expect, it, onTestFinished } from 'vitest';

it('trains as the README says, here for one step of a tiny network', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-training-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { printed } = await runReadmeExample('training', {
    given: { folder },
    replace: {
      'samples/nucls': workspacePath('samples/nucls'),
      "{ preset: 'lite' }": "{ preset: 'tiny', width: 0.5 }, windowPx: 128",
      'epochs: 10': 'maxSteps: 1',
    },
  });
  expect(printed).toMatch(/models[/\\]model\.safetensors \d+\.\d+$/);
  expect(readdirSync(join(folder, 'models'))).toEqual(['model.safetensors']);
});

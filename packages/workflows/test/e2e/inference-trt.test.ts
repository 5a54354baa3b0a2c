// `configs/inference_trt.json` over `configs/inference.json`, as the bundle's command has them.
import { createRandom } from '@hovernet/core';
import { decodeNpz, writePng } from '@hovernet/files/node';
import { initializeWeights, resolveConfig } from '@hovernet/model';
import { findGpuProvider } from '@hovernet/onnx/node';
import { maxDifference } from '@hovernet/testing';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene } from '@hovernet/bench';
import { writeCheckpoint } from '@hovernet/training';
import { runCaptured, type CapturedRun } from '../cli/run-captured.js';

const configurations = "['configs/inference.json','configs/inference_trt.json']";
const ladder = ['tensorrt', 'cuda', 'dml', 'coreml', 'webgpu'] as const;
const gpu = await findGpuProvider(ladder, { precision: 'float16' }).then(
  ([provider]) => provider!,
  () => undefined,
);

const folder = mkdtempSync(join(tmpdir(), 'hovernet-trt-'));
const weights = join(folder, 'weights.safetensors');
const image = join(folder, 'tile.png');

beforeAll(async () => {
  const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });
  await writeCheckpoint(weights, { config, classes: [], state: initializeWeights(config, createRandom(1)) });
  await writePng(image, createScene(200).image);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `hovernet run` on the image; results go to the folder `name`. */
function run(files: string, name: string, ...words: string[]): Promise<CapturedRun> {
  const paths = ['--weights', weights, '--dataset_dir', image, '--output_dir', join(folder, name)];
  return runCaptured(['run', '--config_file', files, ...paths, '--raw', ...words]);
}

function readMaps(name: string): Float32Array {
  const path = join(folder, name, 'tile_raw.npz');
  return decodeNpz(readFileSync(path), path).get('np')!.data as Float32Array;
}

describe('hovernet run with inference_trt.json', () => {
  it.skipIf(gpu)(
    `without a GPU says so in one sentence, and how to get one${gpu ? ` (${gpu} is here)` : ''}`,
    async () => {
      const { exitCode, stdout, stderr } = await run(configurations, 'refused');
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      const sentence = stderr.trim().split('\n').at(-1)!;
      expect(sentence).toMatch(
        /^hovernet: engine#provider: expected a GPU for tensorrt or cuda or dml or coreml or webgpu, got none \(/,
      );
      expect(sentence).toContain('cuda needs an NVIDIA GPU on linux x64 with its driver, CUDA 12 and cuDNN 9');
      expect(sentence).toMatch(/; or give --allow_cpu to run on the CPU for comparison$/);
      expect(existsSync(join(folder, 'refused'))).toBe(false);
    },
  );

  it('with --allow_cpu runs the float16 model, on the CPU where there is no GPU, and says what runs', async () => {
    const { exitCode, stderr } = await run(configurations, 'float16', '--allow_cpu');
    expect(exitCode, stderr).toBe(0);
    const message = gpu
      ? `the network runs on ${gpu}, float16`
      : '; the network runs on the CPU, float16, for comparison';
    expect(stderr).toContain(`${message}\n`);
    expect(readdirSync(join(folder, 'float16'))).toContain('tile_instance_map.nii.gz');

    expect((await run('configs/inference.json', 'float32')).exitCode).toBe(0);
    const exact = readMaps('float32');
    const scale = exact.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const difference = maxDifference(readMaps('float16'), exact).value / scale;
    // Weights rounded to 11 bits, 2⁻¹² of themselves on average, in some 60 layers; a GPU rounds what it computes as well.
    expect(difference).toBeLessThan((gpu ? 4 : 1) * 60 * 2 ** -12);
    expect(difference).toBeGreaterThan(0);
  });
});

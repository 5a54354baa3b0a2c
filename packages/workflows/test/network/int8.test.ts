import { createScene } from '@hovernet/bench';
import { createRandom } from '@hovernet/core';
import { listImages } from '@hovernet/data';
import { writePng } from '@hovernet/files/node';
import { readCalibrationWindows } from '@hovernet/inference/internal';
import { createInferenceProgram, initializeWeights, resolveConfig, toConstants } from '@hovernet/model';
import type { HostData } from '@hovernet/ops';
import { cutWindow, planWindows } from '@hovernet/transforms';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineConfiguration } from '../../src/config/configuration.js';
import { openEngine } from '../../src/network/open-engine.js';

const windowPx = 96;
const config = resolveConfig({ preset: 'tiny', outClasses: 5 });
const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
const constants = new Map<string, HostData>(toConstants(initializeWeights(config, createRandom(3))));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-int8-'));
const engine: EngineConfiguration = {
  name: 'onnx',
  providers: ['cpu'],
  threads: 1,
  precision: 'int8',
  calibration: folder,
  cacheDir: null,
};

beforeAll(async () => {
  for (const seed of [11, 12]) await writePng(join(folder, `${seed}.png`), createScene(160, seed).image);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Outputs for a scene that calibration has not seen. */
async function runScene(precision: 'float32' | 'int8'): Promise<Record<string, HostData>> {
  const executable = await (await openEngine({ ...engine, precision }, config)).compile(program, { constants });
  const image = new Float32Array(3 * windowPx ** 2);
  const plan = planWindows(windowPx, windowPx, { input: windowPx, output: windowPx });
  cutWindow(createScene(windowPx, 1).image, plan, { index: 0, planes: image, offset: 0 });
  const results = await executable.run({ image });
  await executable.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]));
}

it('int8, calibrated on images, is near float32', async () => {
  const exact = await runScene('float32');
  const quantized = await runScene('int8');
  for (const [name, values] of Object.entries(exact)) {
    let [difference, size] = [0, 0];
    values.forEach((value, i) => {
      difference += (quantized[name]![i]! - value) ** 2;
      size += value * value;
    });
    // Random weights amplify rounding more than trained ones: some thirty layers of 8 bits.
    expect(Math.sqrt(difference / size), name).toBeLessThan(0.25);
    expect(difference, name).toBeGreaterThan(0);
  }
});

it('int8 without images says what is missing', async () => {
  await expect(openEngine({ ...engine, calibration: null }, config)).rejects.toThrow(
    /^configuration engine#calibration: expected images to measure ranges on for int8, got none/,
  );
});

it('calibration windows are spread over the images, as many as there are up to 32', async () => {
  const windows = [];
  const paths = await listImages(folder);
  for await (const { image } of readCalibrationWindows(paths, config, { batchSize: 2, windowPx })) windows.push(image!);
  expect(windows.length).toBeGreaterThan(4);
  expect(windows.length).toBeLessThanOrEqual(32);
  for (const window of windows) {
    expect(window).toHaveLength(2 * 3 * windowPx ** 2);
    expect(window.subarray(0, window.length / 2)).toEqual(window.subarray(window.length / 2));
  }
  expect(windows[0]).not.toEqual(windows[1]);
});

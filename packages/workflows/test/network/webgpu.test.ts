// The whole network on ONNX Runtime's WebGPU provider against its CPU provider. Without a GPU it runs on SwiftShader, which
// takes seconds for what a processor does in milliseconds: the networks are as small as the architecture allows.
import { createRandom } from '@hovernet/core';
import {
  createInferenceProgram,
  initializeWeights,
  outputSize,
  resolveConfig,
  toConstants,
  type HoverNetConfig,
} from '@hovernet/model';
import { createOnnxEngine, findGpuProvider } from '@hovernet/onnx/node';
import type { HostArray, HostData, Program } from '@hovernet/ops';
import { hashNoise, softwareVulkanRemedy, useSoftwareVulkan } from '@hovernet/testing';
import { relu } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createTrainProgram, totalLossOutput } from '@hovernet/training/internal';

type Outputs = Record<string, HostArray>;

const smallest = { preset: 'tiny', outClasses: 3, units: [1, 1, 1, 1], denseUnits: [1, 1] } as const;

useSoftwareVulkan();
const absence = await whyAbsent();

describe.skipIf(absence)(`the network on WebGPU${absence}`, { timeout: 600_000 }, () => {
  it.each([
    ['fast', 32],
    ['original', 62],
  ] as const)('predicts what it does on the CPU (mode %s)', async (mode, windowPx) => {
    const config = resolveConfig({ ...smallest, mode });
    const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
    const feeds = { image: noise(3 * windowPx * windowPx, 1), ...weightsOf(config) };
    const [expected, actual] = [await run('cpu', program, feeds), await run('webgpu', program, feeds)];
    expect(Object.keys(expected)).toEqual(['np', 'hv', 'nc']);
    // Logits of up to 10 after a dozen layers; 5e-6 is seen.
    for (const name of Object.keys(expected)) expect(relativeError(actual, expected, name), name).toBeLessThan(5e-5);
  });

  it('is passed over where it lacks the precision', async () => {
    const found = findGpuProvider(['webgpu'], { precision: 'float16' });
    // SwiftShader has no 16-bit floats, most GPUs do.
    const outcome = await found.catch((error: Error) => error.message);
    expect(JSON.stringify(outcome)).toMatch(
      /^\["webgpu"\]$|\(webgpu: its GPU has no 16-bit floats: use precision float32\)/,
    );
    expect(await findGpuProvider(['webgpu'], { precision: 'float32' })).toEqual(['webgpu']);
  });

  it('takes a training step as on the CPU, with numbers of channels that the provider itself gets wrong', async () => {
    // 6 channels into 3×3 filters, and groups of 6 channels: see adaptToWebgpu of @hovernet/onnx.
    const config = resolveConfig({ ...smallest, stemChannels: 6, growth: 24 });
    const program = createTrainProgram(config, { batchSize: 2, windowPx: 32, freezeEncoder: false, lossWeights: {} });
    const { feeds, expected } = await findSteadyPoint(config, program);
    const actual = await run('webgpu', program, feeds);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    expect(expected[totalLossOutput]!.data[0]).toBeGreaterThan(1);
    for (const name of Object.keys(expected)) {
      const bound = name.startsWith('gradient/') ? 1e-3 : 5e-5;
      expect(relativeError(actual, expected, name), name).toBeLessThan(bound);
    }
  });
});

/**
 * Weights and a batch at which gradients are well-conditioned. Elsewhere a change of the image by 1e-6, of the size of
 * rounding, takes some ReLU across 0 and moves gradients behind it by up to a third.
 */
async function findSteadyPoint(config: HoverNetConfig, program: Program) {
  const executable = await createOnnxEngine({ threads: 1 }).compile(program);
  try {
    for (let seed = 1; seed <= 30; seed++) {
      const feeds: Record<string, HostData> = { ...batchOf(config, program, seed), ...weightsOf(config, seed) };
      const expected = await executable.run(feeds);
      let largestMove = 0;
      for (let k = 1; k <= 3; k++) {
        const image = (feeds['image'] as Float32Array).map((value, i) => value + 1e-6 * hashNoise(i, 100 + k));
        const moved = await executable.run({ ...feeds, image });
        for (const name of Object.keys(expected)) {
          largestMove = Math.max(largestMove, relativeError(moved, expected, name));
        }
      }
      if (largestMove < 2e-4) return { feeds, expected };
    }
    throw new Error('expected a well-conditioned point among 30, got none');
  } finally {
    await executable.dispose();
  }
}

/** Why the provider does not start, to be read after a title; empty where it does. */
async function whyAbsent(): Promise<string> {
  const program: Program = {
    name: 'probe',
    inputs: [{ name: 'x', shape: [1], dtype: 'float32' }],
    run: ({ x }) => ({ y: relu(x!) }),
  };
  try {
    await run('webgpu', program, { x: Float32Array.of(1) });
    return '';
  } catch (error) {
    return ` (not here: ${(error as Error).message.split('\n')[0]}; ${softwareVulkanRemedy})`;
  }
}

async function run(provider: 'cpu' | 'webgpu', program: Program, feeds: Record<string, HostData>): Promise<Outputs> {
  const executable = await createOnnxEngine({ providers: [provider], threads: 1 }).compile(program);
  expect(executable.provider).toBe(provider);
  const outputs = await executable.run(feeds);
  await executable.dispose();
  return outputs;
}

function weightsOf(config: HoverNetConfig, seed = 1): Record<string, HostData> {
  return Object.fromEntries(toConstants(initializeWeights(config, createRandom(seed))));
}

/** An image of noise, one-hot maps and HoVer maps. */
function batchOf(config: HoverNetConfig, program: Program, seed: number): Record<string, HostData> {
  const [batchSize, windowPx] = program.inputs.find(({ name }) => name === 'image')!.shape as [number, number];
  const area = outputSize(config, windowPx) ** 2;
  const oneHot = (classes: number, stream: number) => {
    const maps = new Float32Array(batchSize * classes * area);
    for (let i = 0; i < batchSize * area; i++) {
      const chosen = Math.floor(((hashNoise(i, stream) + 1) / 2) * classes);
      maps[(Math.floor(i / area) * classes + chosen) * area + (i % area)] = 1;
    }
    return maps;
  };
  return {
    image: noise(batchSize * 3 * windowPx * windowPx, 10 * seed),
    np: oneHot(config.npOutChannels, 10 * seed + 1),
    hv: noise(batchSize * 2 * area, 10 * seed + 2),
    nc: oneHot(config.outClasses, 10 * seed + 3),
  };
}

function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => hashNoise(i, seed));
}

/** Largest difference of an output, relative to its largest magnitude. */
function relativeError(actual: Outputs, expected: Outputs, name: string): number {
  const [values, others] = [expected[name]!.data, actual[name]!.data];
  let [largest, worst] = [0, 0];
  values.forEach((value, i) => {
    const difference = Math.abs(value - others[i]!);
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  });
  return worst / largest;
}

// What ONNX Runtime 1.30 computes wrong on WebGPU, and that the adapted graph comes out right there.
import { maxDifference, softwareVulkanRemedy, useSoftwareVulkan } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { adaptToWebgpu } from '../../src/webgpu/adapt-to-webgpu.js';
import { convolutionGraph, runGraph, whyNoWebgpu, type Convolution } from './run-convolution.js';

useSoftwareVulkan();
const absence = await whyNoWebgpu();
const title = absence && ` (not here: ${absence}; ${softwareVulkanRemedy})`;

const plain = { op: 'Conv', groups: 1, kernel: 3, stride: 1 } as const;
const grouped = { op: 'Conv', kernel: 3, stride: 1 } as const;
const transposed = { op: 'ConvTranspose', kernel: 3, stride: 2 } as const;

describe.skipIf(absence)(`the WebGPU provider${title}`, { timeout: 120_000 }, () => {
  it.each<[string, Convolution]>([
    ['6 channels to 8', { ...plain, channels: 6, outChannels: 8 }],
    ['9 channels to 4', { ...plain, channels: 9, outChannels: 4, kernel: 5 }],
    ['15 channels to 4, in strides', { ...plain, channels: 15, outChannels: 4, stride: 2 }],
    ['groups of 6 channels', { ...grouped, groups: 2, channels: 4, outChannels: 12 }],
    ['groups of 5 channels', { ...grouped, groups: 2, channels: 2, outChannels: 10 }],
    ['groups of 10 channels from 6', { ...grouped, groups: 4, channels: 24, outChannels: 40, stride: 2 }],
    ['transposed groups of one channel', { ...transposed, groups: 3, channels: 6, outChannels: 3 }],
  ])('is wrong about a convolution with %s; drop the rule when it is not', async (_, convolution) => {
    const graph = convolutionGraph(convolution);
    const expected = await runGraph(graph, 'cpu');
    expect(maxDifference(await runGraph(graph, 'webgpu'), expected).value).toBeGreaterThan(1e-2);
    expect(maxDifference(await runGraph(adaptToWebgpu(graph), 'webgpu'), expected).value).toBeLessThan(1e-5);
  });

  it.each<[string, Convolution]>([
    ['3 channels', { ...plain, channels: 3, outChannels: 8 }],
    ['6 channels to 6', { ...plain, channels: 6, outChannels: 6 }],
    ['6 channels, pointwise', { ...plain, channels: 6, outChannels: 8, kernel: 1 }],
    ['12 channels', { ...plain, channels: 12, outChannels: 8 }],
    ['groups of 8 channels', { ...grouped, groups: 4, channels: 32, outChannels: 32 }],
    ['groups of 3 channels', { ...grouped, groups: 4, channels: 8, outChannels: 12 }],
    ['transposed groups of two channels', { ...transposed, groups: 3, channels: 6, outChannels: 6 }],
    ['transposed channels, each alone', { ...transposed, groups: 4, channels: 4, outChannels: 4 }],
  ])('is right about a convolution with %s, which stays as it is', async (_, convolution) => {
    const graph = convolutionGraph(convolution);
    expect(adaptToWebgpu(graph)).toEqual(graph);
    const difference = maxDifference(await runGraph(graph, 'webgpu'), await runGraph(graph, 'cpu'));
    expect(difference.value).toBeLessThan(1e-5);
  });
});

// Every recorded kernel, and its gradients, on the WebGPU provider against tfjs-cpu.
import { softwareVulkanRemedy, useSoftwareVulkan } from '@hovernet/testing';
import { describe, it } from 'vitest';
import { allCases } from '../lowering/cases/all-cases.js';
import { checkCases } from '../lowering/check-cases.js';
import { whyNoWebgpu } from '../webgpu/run-convolution.js';

/**
 * WGSL asks for few digits of these (of sin and cos, 2^-11), which rounding to int32 can turn into a difference of 1; and
 * the provider has no transposed convolution of volumes, which it says when it runs one.
 */
const except = new Set(['Sin', 'Cos', 'Tan', 'Acos', 'Asin', 'Log', 'Log1p', 'Sigmoid', 'Conv3D']);

useSoftwareVulkan();
const absence = await whyNoWebgpu();
const title = absence && ` (not here: ${absence}; ${softwareVulkanRemedy})`;

describe.skipIf(absence)(`recorded kernels on WebGPU equal tfjs-cpu${title}`, { timeout: 300_000 }, () => {
  it.each(Object.entries(allCases))('%s', async (_, cases) => {
    const left = Object.fromEntries(Object.entries(cases).filter(([name]) => !except.has(name)));
    // WGSL lets an implementation assume that there is no infinity and no NaN.
    await checkCases(left, 2, { provider: 'webgpu', finiteOnly: true });
  });
});

import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import * as ops from '../src/index.js';

const kernelNames = [
  ops.GroupedConv2D,
  ops.GroupedConv2DBackpropInput,
  ops.GroupedConv2DBackpropFilter,
  ops.BatchNormTraining,
  ops.BatchNormTrainingGrad,
];

describe('registerKernels', () => {
  it.each(['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'])('has given every kernel to %s', (backend) => {
    for (const name of kernelNames) expect(tf.getKernel(name, backend), name).toBeDefined();
  });

  it('has given the forward kernels their gradients', () => {
    expect(tf.getGradient(ops.GroupedConv2D)).toBeDefined();
    expect(tf.getGradient(ops.BatchNormTraining)).toBeDefined();
  });

  it('replaces again what a backend imported later has brought back', () => {
    const repair = tf.getKernel(tf.MaxPoolGrad, 'wasm');
    tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
    tf.registerKernel({ ...repair, kernelFunc: () => [] });
    ops.registerKernels();
    expect(tf.getKernel(tf.MaxPoolGrad, 'wasm').kernelFunc).toBe(repair.kernelFunc);
  });

  it('changes nothing and says nothing when called again', () => {
    const warn = vi.spyOn(console, 'warn');
    const before = tf.getKernelsForBackend('cpu');
    ops.registerKernels();
    expect(tf.getKernelsForBackend('cpu')).toEqual(before);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

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

describe('importing the package', () => {
  it.each(['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'])('gives every kernel to %s', (backend) => {
    for (const name of kernelNames) expect(tf.getKernel(name, backend), name).toBeDefined();
  });

  it('gives the forward kernels their gradients', () => {
    expect(tf.getGradient(ops.GroupedConv2D)).toBeDefined();
    expect(tf.getGradient(ops.BatchNormTraining)).toBeDefined();
  });

  it('puts repaired kernels in their place whenever the backend becomes current', async () => {
    const repair = tf.getKernel(tf.ResizeNearestNeighborGrad, 'cpu');
    tf.unregisterKernel(tf.ResizeNearestNeighborGrad, 'cpu');
    tf.registerKernel({ ...repair, kernelFunc: () => [] });
    await tf.setBackend('cpu');
    expect(tf.getKernel(tf.ResizeNearestNeighborGrad, 'cpu').kernelFunc).toBe(repair.kernelFunc);
  });

  it('changes nothing and says nothing when a backend becomes current again', async () => {
    const warn = vi.spyOn(console, 'warn');
    await tf.setBackend('cpu');
    const before = tf.getKernelsForBackend('cpu');
    await tf.setBackend('cpu');
    expect(tf.getKernelsForBackend('cpu')).toEqual(before);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

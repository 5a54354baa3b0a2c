import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { BackendError, createEagerEngine, type Program } from '../../src/index.js';

const program: Program = {
  name: 'double',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
  run: ({ x }) => ({ y: tf.mul(x!, 2) }),
};
const x = Float32Array.of(1, 2);

/** Registers the kernels of the cpu backend under another name, with a factory that starts like wasm and webgpu. */
function registerSlow(name: string, start: () => Promise<tf.KernelBackend>) {
  tf.copyRegisteredKernels('cpu', name);
  const factory = vi.fn(start);
  tf.registerBackend(name, factory);
  return factory;
}

const startCpu = async (): Promise<tf.KernelBackend> => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return (await tf.findBackendFactory('cpu')()) as tf.KernelBackend;
};

describe('a backend that starts asynchronously', () => {
  it('is started once, though two programs are compiled for it at the same time', async () => {
    const factory = registerSlow('slow', startCpu);
    const engine = createEagerEngine({ backend: 'slow' });
    const [first, second] = await Promise.all([engine.compile(program), engine.compile(program)]);
    expect((await first.run({ x })).y!.data).toEqual((await second.run({ x })).y!.data);
    expect(factory).toHaveBeenCalledTimes(1);
  });

  it('starts while programs run on another one', async () => {
    await tf.setBackend('cpu');
    const other = await createEagerEngine({ backend: 'cpu' }).compile(program);
    registerSlow('slower', startCpu);
    const compiling = createEagerEngine({ backend: 'slower' }).compile(program);
    expect([...(await other.run({ x })).y!.data]).toEqual([2, 4]);
    expect(tf.getBackend()).toBe('cpu');
    expect([...(await (await compiling).run({ x })).y!.data]).toEqual([2, 4]);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('tells why it did not start, prints nothing, and is tried again', async () => {
    const warn = vi.spyOn(console, 'warn');
    const factory = registerSlow('broken', () => Promise.reject(new Error('no such device\n    at native code')));
    const engine = createEagerEngine({ backend: 'broken' });
    const failure = await engine.compile(program).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BackendError);
    expect(failure).toMatchObject({
      code: 'ENGINE_FAILED',
      backend: 'broken',
      problem: 'failed',
      message: 'TensorFlow.js backend broken: expected it to start, got: no such device',
    });
    expect(warn).not.toHaveBeenCalled();
    factory.mockImplementation(startCpu);
    expect([...(await (await engine.compile(program)).run({ x })).y!.data]).toEqual([2, 4]);
    warn.mockRestore();
  });
});

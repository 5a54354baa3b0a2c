// What a worker thread adds to a session: a free event loop, runs in their order, a process that can end.
import type { Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../src/node.js';

/** A product of large matrices, over and over: about a second on one thread. */
const slow: Program = {
  name: 'slow',
  inputs: [{ name: 'a', shape: [768, 768], dtype: 'float32' }],
  run: ({ a }) => {
    let y = a!;
    for (let i = 0; i < 60; i++) y = tf.matMul(y, a!);
    return { y };
  },
};

async function countTicks(work: () => Promise<unknown>): Promise<{ ticks: number; milliseconds: number }> {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const started = performance.now();
  await work();
  clearInterval(timer);
  return { ticks, milliseconds: performance.now() - started };
}

describe('a session in a worker thread', () => {
  it('lets timers tick during a run, which one in the calling thread does not', async () => {
    const a = new Float32Array(768 * 768);
    const ticksIn = async (thread: 'worker' | 'calling') => {
      const executable = await createOnnxEngine({ threads: 1, thread }).compile(slow);
      const counted = await countTicks(() => executable.run({ a }));
      await executable.dispose();
      return counted;
    };
    const worker = await ticksIn('worker');
    const calling = await ticksIn('calling');
    // A quarter of the ticks of an idle process: other processes may hold the machine.
    expect(worker.ticks).toBeGreaterThan(worker.milliseconds / 5 / 4);
    expect(calling.ticks).toBeLessThanOrEqual(2);
  });

  it('answers concurrent runs in their order, each with what its feeds were when it was asked', async () => {
    const add: Program = {
      name: 'add',
      inputs: [{ name: 'a', shape: [3], dtype: 'float32' }],
      run: ({ a }) => ({ y: tf.add(a!, 1) }),
    };
    const executable = await createOnnxEngine({ threads: 1 }).compile(add);
    const a = new Float32Array(3);
    const runs = [1, 2, 3, 4].map((value) => executable.run({ a: a.fill(value) }));
    a.fill(99);
    expect((await Promise.all(runs)).map(({ y }) => y!.data[0])).toEqual([2, 3, 4, 5]);
    await executable.dispose();
  });

  it('finishes the run that is under way when it is disposed', async () => {
    const executable = await createOnnxEngine({ threads: 1 }).compile(slow);
    const run = executable.run({ a: new Float32Array(768 * 768) });
    await executable.dispose();
    expect((await run).y!.data.length).toBe(768 * 768);
  });
});

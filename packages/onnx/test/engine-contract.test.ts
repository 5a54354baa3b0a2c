// What every engine owes its callers, whatever it runs on; engines that this machine lacks are skipped and say why.
import { ArgumentError, ShapeError } from '@hovernet/core';
import { createEagerEngine, NCHW, OIHW, type Engine, type HostArray, type HostData, type Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { findEngines } from './available-engines.js';
import { hovernetBlock, hovernetBlockFeeds } from './hovernet-block.js';

/** float32 and int32 in and out, layouts, a scalar, an input returned as it came, a boolean, two names for one tensor. */
const mixed: Program = {
  name: 'mixed',
  inputs: [
    { name: 'image', shape: [1, 2, 2, 3], dtype: 'float32', layout: NCHW },
    { name: 'filter', shape: [1, 1, 3, 2], dtype: 'float32', layout: OIHW },
    { name: 'offset', shape: [], dtype: 'float32' },
    { name: 'ids', shape: [4], dtype: 'int32' },
  ],
  run: ({ image, filter, offset, ids }) => {
    const mapped = tf.add(tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid'), offset!);
    const doubled = tf.mul(ids!, tf.scalar(2, 'int32'));
    return { mapped, plain: mapped, total: tf.sum(mapped), same: image!, doubled, large: tf.greater(ids!, 2) };
  },
  outputLayout: (name) => ({ mapped: NCHW, same: NCHW })[name],
};
const image = Float32Array.from({ length: 12 }, (_, i) => i); // channel 0: 0…3, channel 1: 4…7, channel 2: 8…11
const filter = Float32Array.of(1, 0, 0, 0, 1, 1); // output 0: channel 0; output 1: channels 1 and 2
const offset = Float32Array.of(0.5);
const ids = Int32Array.of(1, 2, 3, 4);
const feeds = { image, filter, offset, ids };
const mappedValues = [0.5, 1.5, 2.5, 3.5, 12.5, 14.5, 16.5, 18.5];

const sum: Program = {
  name: 'sum',
  inputs: [
    { name: 'a', shape: [3], dtype: 'float32' },
    { name: 'b', shape: [3], dtype: 'float32' },
  ],
  run: ({ a, b }) => ({ y: tf.add(a!, b!) }),
};

for (const { title, absence, open } of await findEngines()) {
  describe.skipIf(absence)(`the engine ${title}${absence}`, { timeout: 120_000 }, () => {
    let engine: Engine;
    beforeAll(async () => void (engine = await open()));

    it('reads and gives arrays in the layouts and types that the program states', async () => {
      const executable = await engine.compile(mixed);
      const { mapped, plain, total, same, doubled, large } = await executable.run(feeds);
      expect(listed(mapped)).toEqual({ data: mappedValues, shape: [1, 2, 2, 2] });
      expect(listed(plain)).toEqual({ data: [0.5, 12.5, 1.5, 14.5, 2.5, 16.5, 3.5, 18.5], shape: [1, 2, 2, 2] });
      expect(listed(total)).toEqual({ data: [70], shape: [] });
      expect(listed(same)).toEqual({ data: [...image], shape: [1, 3, 2, 2] });
      expect(listed(doubled)).toEqual({ data: [2, 4, 6, 8], shape: [4] });
      expect(listed(large)).toEqual({ data: [0, 0, 1, 1], shape: [4] });
      for (const output of [mapped, plain, total, same]) expect(output!.data).toBeInstanceOf(Float32Array);
      for (const output of [doubled, large]) expect(output!.data).toBeInstanceOf(Int32Array);
      await executable.dispose();
    });

    it('tells its inputs, and its outputs at the latest after a run', async () => {
      const executable = await engine.compile(mixed, { constants: new Map([['filter', filter]]) });
      expect(executable.inputs).toEqual(mixed.inputs.filter(({ name }) => name !== 'filter'));
      await executable.run({ image, offset, ids });
      expect(executable.outputs).toMatchObject([
        { name: 'mapped', shape: [1, 2, 2, 2], dtype: 'float32', layout: NCHW },
        { name: 'plain', shape: [1, 2, 2, 2], dtype: 'float32' },
        { name: 'total', shape: [], dtype: 'float32' },
        { name: 'same', shape: [1, 2, 2, 3], dtype: 'float32', layout: NCHW },
        { name: 'doubled', shape: [4], dtype: 'int32' },
        { name: 'large', shape: [4], dtype: 'int32' },
      ]);
      await executable.dispose();
    });

    it('sees arrays that were changed in place between runs', async () => {
      const executable = await engine.compile(sum);
      const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 30)];
      await executable.run({ a, b });
      b.fill(100);
      expect(listed((await executable.run({ a, b })).y).data).toEqual([101, 102, 103]);
      await executable.dispose();
    });

    it('takes one array for two inputs', async () => {
      const executable = await engine.compile(sum);
      const data = Float32Array.of(1, 2, 3);
      expect(listed((await executable.run({ a: data, b: data })).y).data).toEqual([2, 4, 6]);
      await executable.dispose();
    });

    it('reads constants once and asks for the other inputs alone', async () => {
      const b = Float32Array.of(10, 20, 30);
      const executable = await engine.compile(sum, { constants: new Map([['b', b]]) });
      b.fill(0);
      for (const first of [1, 2]) {
        const { y } = await executable.run({ a: Float32Array.of(first, 0, 0) });
        expect(listed(y).data).toEqual([10 + first, 20, 30]);
      }
      await executable.dispose();
    });

    it('runs with nothing but constants', async () => {
      const constants = new Map([['a', Float32Array.of(1, 2, 3)], ['b', Float32Array.of(1, 1, 1)]]); // prettier-ignore
      const executable = await engine.compile(sum, { constants });
      expect(listed((await executable.run({})).y).data).toEqual([2, 3, 4]);
      await executable.dispose();
    });

    it('gives arrays that the caller owns', async () => {
      const executable = await engine.compile(mixed);
      const given = { ...feeds, image: image.slice() };
      const first = await executable.run(given);
      given.image.fill(-1);
      expect(listed(first['same']).data).toEqual([...image]);
      const second = await executable.run(feeds);
      for (const { data } of Object.values(second)) data.fill(9);
      expect(listed(first['mapped']).data).toEqual(mappedValues);
      expect(listed((await executable.run(feeds))['mapped']).data).toEqual(mappedValues);
      await executable.dispose();
    });

    it('names the input that is missing, unknown, of another size or of another type', async () => {
      const executable = await engine.compile(sum);
      const a = new Float32Array(3);
      const run = (given: Record<string, HostData>) => executable.run(given);
      await expect(run({ a })).rejects.toThrow(new ArgumentError('sum: expected input b, got none'));
      await expect(run({ a, b: a, c: a })).rejects.toThrow(new ArgumentError('sum: expected inputs a, b, got c'));
      await expect(run({ a, b: new Float32Array(4) })).rejects.toThrow(
        new ShapeError('sum: b', '3 elements of float32', '4 of float32'),
      );
      await expect(run({ a, b: new Int32Array(3) })).rejects.toThrow(
        new ShapeError('sum: b', '3 elements of float32', '3 of int32'),
      );
      expect(listed((await run({ a, b: a })).y).data).toEqual([0, 0, 0]);
      await executable.dispose();
    });

    it('names the constant that is unknown or does not fit', async () => {
      const compile = (name: string, data: HostData) => engine.compile(sum, { constants: new Map([[name, data]]) });
      await expect(compile('c', new Float32Array(3))).rejects.toThrow(
        new ArgumentError('sum: constants: expected inputs a, b, got c'),
      );
      await expect(compile('b', new Float32Array(2))).rejects.toThrow(
        new ShapeError('sum: b', '3 elements of float32', '2 of float32'),
      );
    });

    it('refuses to run once disposed, ends what was under way, and may be disposed again', async () => {
      const executable = await engine.compile(sum);
      const a = Float32Array.of(1, 2, 3);
      const running = executable.run({ a, b: a });
      await executable.dispose();
      expect(listed((await running).y).data).toEqual([2, 4, 6]);
      await expect(executable.run({ a, b: a })).rejects.toThrow(ArgumentError);
      await executable.dispose();
    });

    it('keeps runs of one executable apart that overlap', async () => {
      const executable = await engine.compile(sum);
      const runs = [1, 2, 3, 4, 5].map((k) =>
        executable.run({ a: Float32Array.of(k, k, k), b: Float32Array.of(1, 2, 3) }),
      );
      const results = await Promise.all(runs);
      expect(results.map(({ y }) => listed(y).data)).toEqual([1, 2, 3, 4, 5].map((k) => [k + 1, k + 2, k + 3]));
      await executable.dispose();
    });

    it('runs two executables side by side, and one on when the other is disposed', async () => {
      const [first, second] = await Promise.all([1, 2].map((k) => {
        return engine.compile(sum, { constants: new Map([['b', Float32Array.of(k, k, k)]]) });
      })); // prettier-ignore
      const a = Float32Array.of(10, 20, 30);
      const [one, two] = await Promise.all([first!.run({ a }), second!.run({ a })]);
      expect([listed(one.y).data, listed(two.y).data]).toEqual([[11, 21, 31], [12, 22, 32]]); // prettier-ignore
      await first!.dispose();
      expect(listed((await second!.run({ a })).y).data).toEqual([12, 22, 32]);
      await second!.dispose();
    });

    it('computes a block of the network, its loss and all gradients as tfjs-cpu does', async () => {
      const expected = await runOnce(createEagerEngine({ backend: 'cpu' }), hovernetBlock, hovernetBlockFeeds());
      const actual = await runOnce(engine, hovernetBlock, hovernetBlockFeeds());
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, { data, shape }] of Object.entries(expected)) {
        expect(actual[name]!.shape, name).toEqual(shape);
        // Sums in another order move the last digits, which the batch-norms of small planes amplify.
        expect(relativeError(actual[name]!.data, data), name).toBeLessThan(1e-4);
      }
    });
  });
}

function listed(array: HostArray | undefined): { data: number[]; shape: number[] } {
  return { data: [...array!.data], shape: [...array!.shape] };
}

async function runOnce(engine: Engine, program: Program, given: Record<string, HostData>) {
  const executable = await engine.compile(program);
  const outputs = await executable.run(given);
  await executable.dispose();
  return outputs;
}

/** Largest difference relative to the largest expected magnitude; infinite where a number is not one. */
function relativeError(actual: HostData, expected: HostData): number {
  let [largest, worst] = [0, 0];
  expected.forEach((value, i) => {
    const difference = Math.abs(value - actual[i]!);
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  });
  return worst / largest;
}

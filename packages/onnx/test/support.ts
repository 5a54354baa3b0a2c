// Runs one function eagerly on tfjs-cpu and recorded on ONNX Runtime, over the same pseudo-random inputs.
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@hovernet/core';
import type { Program, TensorSpec } from '@hovernet/ops';
import { createOnnxEngine } from '../src/node.js';
import { permuteElements } from '../src/layout.js';

export type TensorFunction = (...inputs: tf.Tensor[]) => Record<string, tf.Tensor>;

export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32';
  readonly layout?: readonly number[];
  readonly range?: readonly [number, number];
}

export interface Comparison {
  readonly name: string;
  readonly eager: ArrayLike<number>;
  readonly recorded: ArrayLike<number>;
}

/** The elements that {@link runBoth} gives to a first input of this shape and range. */
export function pseudoRandom(
  shape: readonly number[],
  range: readonly [number, number],
  random = createRandom(1),
): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, () => random.uniform(range[0], range[1]));
}

/** Outputs of `fn` on both engines, as flat C-order arrays of the logical shape. */
export async function runBoth(fn: TensorFunction, inputs: readonly InputSpec[], seed = 1): Promise<Comparison[]> {
  const random = createRandom(seed);
  const data = inputs.map(({ shape, dtype, range = [-1, 1] }) => {
    const values = pseudoRandom(shape, range, random);
    return dtype === 'int32' ? Int32Array.from(values) : values;
  });
  const program: Program = {
    name: 'test',
    inputs: inputs.map(({ shape, dtype = 'float32', layout }, index): TensorSpec => {
      return { name: `x${index}`, shape, dtype, ...(layout ? { layout } : {}) };
    }),
    run: (named) => fn(...inputs.map((_, index) => named[`x${index}`]!)),
  };
  await tf.setBackend('cpu');
  const eager = tf.tidy(() => {
    const tensors = inputs.map(({ shape, dtype = 'float32' }, index) => tf.tensor(data[index]!, [...shape], dtype));
    return Object.entries(fn(...tensors)).map(([name, tensor]) => [name, tensor.dataSync()] as const);
  });
  const executable = await createOnnxEngine({ threads: 1 }).compile(program);
  const feeds = Object.fromEntries(
    inputs.map(({ shape, layout }, index) => [
      `x${index}`,
      layout ? permuteElements(data[index]!, shape, layout) : data[index]!,
    ]),
  );
  const results = await executable.run(feeds);
  await executable.dispose();
  return eager.map(([name, values]) => ({ name, eager: values, recorded: results[name]!.data }));
}

/** Largest difference of any output, relative to that output's largest magnitude (at least 1). */
export async function largestDifference(fn: TensorFunction, inputs: readonly InputSpec[], seed = 1): Promise<number> {
  let worst = 0;
  for (const { name, eager, recorded } of await runBoth(fn, inputs, seed)) {
    if (eager.length !== recorded.length) throw new Error(`${name}: ${eager.length} and ${recorded.length} elements`);
    let magnitude = 1;
    for (let i = 0; i < eager.length; i++) magnitude = Math.max(magnitude, Math.abs(eager[i]!));
    for (let i = 0; i < eager.length; i++) {
      const difference = Math.abs(eager[i]! - recorded[i]!) / magnitude;
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return worst;
}

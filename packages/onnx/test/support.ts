// Runs functions eagerly on tfjs-cpu and recorded on ONNX Runtime, over the same pseudo-random inputs.
import { createRandom } from '@hovernet/core';
import type { TensorSpec } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import * as runtime from 'onnxruntime-node';
import { encodeModel } from '../src/encode-model.js';
import { permuteElements } from '../src/layout.js';
import { traceFunction } from '../src/trace.js';
import { adaptToWebgpu } from '../src/webgpu/adapt-to-webgpu.js';

export type TensorFunction = (...inputs: tf.Tensor[]) => Record<string, tf.Tensor>;

export interface InputSpec {
  readonly shape: readonly number[];
  /** @default 'float32' */
  readonly dtype?: 'float32' | 'int32' | 'bool';
  /** Host layout. @default the order of the shape */
  readonly layout?: readonly number[];
  /** Uniform numbers from, up to. @default [-1, 1] */
  readonly range?: readonly [number, number];
  /** Rounded down, so that some are equal. @default false */
  readonly whole?: boolean;
  /** These numbers, repeated, in place of random ones. @default none */
  readonly values?: readonly number[];
  /** A tensor that the function makes, not an input. @default false */
  readonly constant?: boolean;
}

/** A function and what it is given. */
export interface Subject {
  readonly fn: TensorFunction;
  readonly inputs: readonly InputSpec[];
  /** Of the inputs' elements. @default 1 */
  readonly seed?: number;
}

/** One output of both engines, C order of its logical shape. */
export interface Comparison {
  readonly name: string;
  readonly eager: ArrayLike<number>;
  readonly recorded: ArrayLike<number>;
  /** Shape of the eager tensor, and of the recorded one. */
  readonly shapes: readonly [readonly number[], readonly number[]];
  readonly dtype: tf.DataType;
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

/** Outputs of `fn` on both engines. */
export async function runBoth(fn: TensorFunction, inputs: readonly InputSpec[], seed = 1): Promise<Comparison[]> {
  const [comparisons] = await runAllBoth([{ fn, inputs, seed }]);
  return comparisons!;
}

/** Where recorded graphs run. */
export type TestedProvider = 'cpu' | 'webgpu';

/** As {@link runBoth} for several functions in one graph, because most of the time goes into starting a session. */
export async function runAllBoth(
  subjects: readonly Subject[],
  provider: TestedProvider = 'cpu',
): Promise<Comparison[][]> {
  const bound = subjects.map((subject, index) => bindInputs(subject, `${index}_`));
  await tf.setBackend('cpu');
  const eager = bound.map(({ run, feeds }) => tf.tidy(() => Object.entries(run(feeds)).map(readTensor)));
  const recorded = await runRecorded(bound, provider);
  return eager.map((outputs, index) =>
    outputs.map(({ name, shape, dtype, data }) => {
      const { dims, data: elements } = recorded[`${index}_${name}`]!;
      return { name, dtype, eager: data, recorded: elements as Float32Array, shapes: [shape, dims] };
    }),
  );
}

/** Names of the kernels that run when `subject` runs eagerly. */
export async function listKernels(subject: Subject): Promise<readonly string[]> {
  const { run, feeds } = bindInputs(subject, '');
  await tf.setBackend('cpu');
  const profile = await tf.profile(() => tf.tidy(() => void run(feeds)));
  return profile.kernelNames;
}

interface BoundSubject {
  readonly specs: readonly TensorSpec[];
  /** Host arrays by name. */
  readonly hosts: Readonly<Record<string, Float32Array | Int32Array>>;
  /** Makes eager inputs. */
  readonly feeds: () => Record<string, tf.Tensor>;
  readonly run: (feeds: () => Record<string, tf.Tensor>) => Record<string, tf.Tensor>;
}

function bindInputs({ fn, inputs, seed = 1 }: Subject, prefix: string): BoundSubject {
  const random = createRandom(seed);
  const elements = inputs.map((spec) => drawElements(spec, random));
  const name = (index: number) => `${prefix}x${index}`;
  const traced = inputs.flatMap((spec, index) => (spec.constant ? [] : [{ spec, index }]));
  const fed = ({ dtype }: InputSpec) => (dtype === 'float32' || dtype === undefined ? 'float32' : 'int32');
  return {
    specs: traced.map(({ spec, index }) => {
      return {
        name: name(index),
        shape: spec.shape,
        dtype: fed(spec),
        ...(spec.layout ? { layout: spec.layout } : {}),
      };
    }),
    hosts: Object.fromEntries(
      traced.map(({ spec, index }) => {
        const data = elements[index]!;
        return [name(index), spec.layout ? permuteElements(data, spec.shape, spec.layout) : data];
      }),
    ),
    feeds: () =>
      Object.fromEntries(
        traced.map(({ spec, index }) => [name(index), tf.tensor(elements[index]!.slice(), [...spec.shape], fed(spec))]),
      ),
    run: (feeds) => {
      const given = feeds();
      const tensors = inputs.map((spec, index) => {
        const tensor = spec.constant
          ? tf.tensor(elements[index]!.slice(), [...spec.shape], fed(spec))
          : given[name(index)]!;
        return spec.dtype === 'bool' ? tf.cast(tensor, 'bool') : tensor;
      });
      return fn(...tensors);
    },
  };
}

function drawElements(spec: InputSpec, random: ReturnType<typeof createRandom>): Float32Array | Int32Array {
  const { shape, dtype = 'float32', values } = spec;
  const drawn = pseudoRandom(shape, dtype === 'bool' ? [0, 2] : (spec.range ?? [-1, 1]), random);
  const given = values ? drawn.map((_, index) => values[index % values.length]!) : drawn;
  if (dtype !== 'float32') return Int32Array.from(given, Math.floor);
  return spec.whole ? given.map(Math.floor) : given;
}

function readTensor([name, tensor]: [string, tf.Tensor]) {
  return { name, shape: tensor.shape, dtype: tensor.dtype, data: tensor.dataSync<'float32'>() };
}

async function runRecorded(bound: readonly BoundSubject[], provider: TestedProvider): Promise<Outputs> {
  const specs = bound.flatMap((subject) => subject.specs);
  const { graph } = traceFunction((tensors) => {
    const outputs = bound.map(({ run }, index) =>
      Object.entries(run(() => tensors)).map(([name, tensor]) => [`${index}_${name}`, tensor] as const),
    );
    return Object.fromEntries(outputs.flat());
  }, specs);
  const model = encodeModel(provider === 'webgpu' ? adaptToWebgpu(graph) : graph);
  const session = await runtime.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = bound.flatMap(({ hosts, specs: own }) =>
    own.map(({ name, shape, dtype, layout }) => {
      const dims = layout ? layout.map((axis) => shape[axis]!) : [...shape];
      return [name, new runtime.Tensor(dtype, hosts[name]! as Float32Array, dims)] as const;
    }),
  );
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return results as Outputs;
}

type Outputs = Readonly<Record<string, runtime.Tensor>>;

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

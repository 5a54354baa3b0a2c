// Graphs of random calls of every kernel that can be recorded, with their gradients, and inputs for them.
import '@hovernet/ops';
import { createRandom } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import type { OnnxGraph } from '../../src/graph.js';
import { traceFunction } from '../../src/index.js';
import { allCases } from '../lowering/cases/all-cases.js';
import type { Instance } from '../lowering/cases/instance.js';
import { toSubject } from '../lowering/check-cases.js';
import type { InputSpec } from '../support.js';

export interface RecordedInstance {
  /** The kernel, and a number. */
  readonly name: string;
  readonly graph: OnnxGraph;
  /** What the graph's inputs may hold, by name. */
  readonly inputs: ReadonlyMap<string, InputSpec>;
}

export interface RecordOptions {
  /** Calls of every kernel. */
  readonly numRuns: number;
  readonly seed: number;
  /** Whether the gradients that TensorFlow.js has for the kernel are recorded too. */
  readonly withGradients: boolean;
}

/** Random calls of every kernel. */
export async function recordInstances(options: RecordOptions): Promise<RecordedInstance[]> {
  const { numRuns, seed, withGradients } = options;
  // Some calls are drawn by whether they run.
  await tf.setBackend('cpu');
  return Object.values(allCases).flatMap((table) =>
    Object.entries(table).flatMap(([kernel, instances]) =>
      fc.sample(instances, { numRuns, seed }).map((instance, index) => {
        const recorded = withGradients ? instance : { ...instance, gradients: [] };
        return record(`${kernel} ${index}`, recorded);
      }),
    ),
  );
}

function record(name: string, instance: Instance): RecordedInstance {
  const { fn, inputs } = toSubject(instance, 1);
  const named = new Map(inputs.flatMap((spec, index) => (spec.constant ? [] : [[`x${index}`, spec] as const])));
  const specs = [...named].map(([input, { shape, dtype, layout }]) => {
    return { name: input, shape, dtype: fedType(dtype), ...(layout && { layout }) };
  });
  const run = (tensors: Record<string, tf.Tensor>) =>
    fn(
      ...inputs.map((spec, index) => {
        const made = () => tf.tensor(drawElements(spec, spec.shape, index), [...spec.shape], fedType(spec.dtype));
        const tensor = spec.constant ? made() : tensors[`x${index}`]!;
        return spec.dtype === 'bool' ? tf.cast(tensor, 'bool') : tensor;
      }),
    );
  return { name, graph: traceFunction(run, specs).graph, inputs: named };
}

function fedType(dtype: InputSpec['dtype']): 'float32' | 'int32' {
  return dtype === undefined || dtype === 'float32' ? 'float32' : 'int32';
}

/** Elements that an input may hold, in C order of `shape`. */
export function drawElements(spec: InputSpec, shape: readonly number[], seed: number): Float32Array | Int32Array {
  const random = createRandom(seed);
  const [low, high] = spec.dtype === 'bool' ? [0, 2] : (spec.range ?? [-1, 1]);
  const size = shape.reduce((product, length) => product * length, 1);
  const drawn = Float32Array.from({ length: size }, (_, i) => {
    const uniform = random.uniform(low, high);
    return spec.values ? spec.values[i % spec.values.length]! : uniform;
  });
  if (fedType(spec.dtype) === 'int32') return Int32Array.from(drawn, Math.floor);
  return spec.whole ? drawn.map(Math.floor) : drawn;
}

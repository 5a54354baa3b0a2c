// The operations of @hovernet/ops and all their gradients, recorded and run by ONNX Runtime, against TensorFlow.js on the cpu
// backend, which @hovernet/ops holds to finite differences.
import {
  batchNormTraining,
  createEagerEngine,
  cropCenter2d,
  filterDerivative,
  groupedConv2d,
  NCHW,
  OIHW,
  upsampleBilinear2x,
  upsampleNearest2x,
  type Engine,
  type GroupedConv2DOptions,
  type HostData,
  type Program,
} from '@hovernet/ops';
import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { findEngines } from '../available-engines.js';

type Layer = (...inputs: tf.Tensor[]) => tf.Tensor;

const image = (x: tf.Tensor | undefined) => x as tf.Tensor4D;
const vector = (x: tf.Tensor | undefined) => x as tf.Tensor1D;
const grouped = (options: GroupedConv2DOptions): Layer => {
  return (x, filter) => groupedConv2d(image(x), image(filter), options);
};
const norm: Layer = (x, gamma, beta) => batchNormTraining(image(x), vector(gamma), vector(beta)).y;

const cases: [name: string, layer: Layer, shapes: number[][]][] = [
  ['grouped convolution', grouped({ groups: 4 }), [[2, 9, 8, 8], [3, 3, 2, 12]]], // prettier-ignore
  ['grouped convolution of one image', grouped({ groups: 4 }), [[1, 9, 8, 8], [3, 3, 2, 12]]], // prettier-ignore
  ['strided grouped convolution', grouped({ groups: 2, strides: 2, pad: 'same' }), [[2, 9, 8, 8], [5, 5, 4, 6]]], // prettier-ignore
  ['convolution in one group', grouped({ groups: 1, pad: 'same' }), [[1, 9, 8, 8], [3, 3, 8, 6]]], // prettier-ignore
  ['batch normalisation', norm, [[3, 9, 8, 5], [5], [5]]],
  ['bilinear upsampling', (x) => upsampleBilinear2x(image(x)), [[2, 9, 8, 3]]],
  ['nearest upsampling', (x) => upsampleNearest2x(image(x)), [[2, 9, 8, 3]]],
  ['centre crop', (x) => cropCenter2d(image(x), 5, 4), [[2, 9, 8, 3]]],
  ['derivative along x', (x) => filterDerivative(image(x), { axis: 'x' }), [[2, 9, 8, 3]]],
  ['derivative along y', (x) => filterDerivative(image(x), { axis: 'y', kernelSize: 7 }), [[2, 9, 8, 3]]],
];

const engines = (await findEngines()).filter(({ title }) => title.startsWith('onnx/'));
for (const { title, absence, open } of engines) {
  describe.skipIf(absence)(`${title}${absence}`, () => {
    let engine: Engine;
    beforeAll(async () => void (engine = await open()));

    it.each(cases)('%s equals that of tfjs-cpu, gradients included', async (name, layer, shapes) => {
      const program = toProgram(name, layer, shapes);
      const expected = await runOnce(createEagerEngine({ backend: 'cpu' }), program);
      const actual = await runOnce(engine, program);
      for (const [output, { data, shape }] of Object.entries(expected)) {
        const found = actual[output]!;
        expect(found.shape).toEqual(shape);
        let [largest, worst] = [0, 0];
        data.forEach((value, i) => {
          largest = Math.max(largest, Math.abs(value));
          worst = Math.max(worst, Math.abs(value - found.data[i]!));
        });
        expect(largest, output).toBeGreaterThan(0);
        expect(worst / largest, output).toBeLessThan(1e-5);
      }
    });
  });
}

/** Output `y` and, as `d0`, `d1`, …, the gradients of a sum that weighs every element of it differently. */
function toProgram(name: string, layer: Layer, shapes: number[][]): Program {
  const layout = (rank: number, isFilter: boolean) => (rank === 4 ? (isFilter ? OIHW : NCHW) : undefined);
  return {
    name,
    inputs: shapes.map((shape, i) => {
      return { name: `x${i}`, shape, dtype: 'float32', layout: layout(shape.length, i > 0) };
    }),
    run: (tensors) => {
      const inputs = shapes.map((_, i) => tensors[`x${i}`]!);
      const y = layer(...inputs);
      const gradients = tf.grads((...xs: tf.Tensor[]) => layer(...xs))(inputs, noise(y.shape, 99));
      return { y, ...Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient])) };
    },
    outputLayout: (output, rank) => layout(rank, output !== 'y' && output !== 'd0'),
  };
}

async function runOnce(engine: Engine, program: Program) {
  const executable = await engine.compile(program);
  const feeds = program.inputs.map(({ name, shape }, seed): [string, HostData] => [name, noiseData(shape, seed)]);
  const outputs = await executable.run(Object.fromEntries(feeds));
  await executable.dispose();
  return outputs;
}

function noise(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(noiseData(shape, seed), [...shape]);
}

function noiseData(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, (_, i) => hashNoise(i, seed));
}

// What a graph model gives, against the network run operation by operation.
import { maxDifference } from '@hovernet/testing';
import type * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { hoverNetForward, type HoverNetConfig, type StateDict } from '../../src/index.js';
import { createTensors } from '../support/noise-state.js';

/** The kernels are the same in float32; only bilinear upsampling adds in another order. */
const tolerance = 1e-5;

/** Expects names and shapes of the outputs to be those of the network, and values but for the tolerance. */
export function compareWithNetwork(
  model: tf.GraphModel,
  { config, state }: { readonly config: HoverNetConfig; readonly state: StateDict },
  image: tf.Tensor4D,
): void {
  const tensors = createTensors(config, state);
  const { np, hv, nc } = hoverNetForward(config, (name) => tensors.get(name)!, image);
  const expected = { np, hv, ...(nc && { nc }) };
  const actual = model.predict(image) as tf.NamedTensorMap;
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name]!.shape, name).toEqual(tensor.shape);
    expect(maxDifference(actual[name]!.dataSync(), tensor.dataSync()).value, name).toBeLessThan(tolerance);
  }
}

import { ShapeError } from '@hovernet/core';
import { createEagerEngine } from '@hovernet/ops';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createInferenceProgram } from '../src/index.js';
import { tensorSpecs } from '../src/internal.js';
import { createNoiseState, createWaveImage, smallConfig } from './support/noise-state.js';
import { runPlainNetwork } from './support/plain-network.js';
import { toChannelFirst, toPlanes } from './support/planes.js';

it('runs on an engine with the arrays of the state dict as they are', async () => {
  await tf.setBackend('cpu');
  const state = createNoiseState(smallConfig);
  const image = createWaveImage(40, 48);
  const feeds = Object.fromEntries(tensorSpecs(smallConfig).map(({ name }) => [name, state.get(name)!.data]));
  const program = createInferenceProgram(smallConfig, { height: 40, width: 48 });
  const executable = await createEagerEngine().compile(program);
  const outputs = await executable.run({
    ...(feeds as Record<string, Float32Array>),
    image: Float32Array.from(toChannelFirst(image)),
  });
  const { stages } = runPlainNetwork(smallConfig, state, toPlanes(image));
  expect(Object.keys(outputs)).toEqual(['np', 'hv', 'nc']);
  expect(outputs['nc']!.shape).toEqual([1, 3, 8, 16]);
  const expected = stages.get('type_prediction.decoderblock4')!.data;
  expect(maxDifference(outputs['nc']!.data, expected).value).toBeLessThan(2e-5);
});

it('has no class output without a type branch', () => {
  const config = { ...smallConfig, outClasses: 0 };
  const program = createInferenceProgram(config, { batch: 2, height: 40, width: 40 });
  const inputs = Object.fromEntries(program.inputs.map(({ name, shape }) => [name, tf.zeros([...shape])]));
  const outputs = program.run(inputs);
  expect(Object.entries(outputs).map(([name, { shape }]) => [name, shape])).toEqual([
    ['np', [2, 8, 8, 2]],
    ['hv', [2, 8, 8, 2]],
  ]);
});

it('refuses sizes that do not fit', () => {
  expect(() => createInferenceProgram(smallConfig, { height: 40, width: 41 })).toThrow(ShapeError);
});

// The literal example of the tests: two 8×8 predictions of smooth waves, one nucleus in each target.
import * as tf from '@tensorflow/tfjs';
import type { HoverNetMaps } from '../src/index.js';
import { fromChannelFirst, oneHot } from './nhwc.js';

const [batch, side] = [2, 8];
const planeSize = side * side;

/** Outputs and targets with 5 classes; values of MONAI's loss for them are in the tests. */
export function createSampleMaps(): { outputs: Required<HoverNetMaps>; targets: Required<HoverNetMaps> } {
  const mask = Float32Array.from({ length: batch * planeSize }, (_, i) => Number(isInside(i)));
  const type = mask.map((inside, i) => (inside ? (i < planeSize ? 2 : 4) : 0));
  const maskOfChannels = Float32Array.from(
    { length: batch * 2 * planeSize },
    (_, i) => mask[Math.floor(i / (2 * planeSize)) * planeSize + (i % planeSize)]!,
  );
  const hv = createWave(2, 0.9, 0.4).map((value, i) => value * maskOfChannels[i]!);
  return {
    outputs: {
      np: fromChannelFirst(createWave(2, 1), [batch, 2, side, side]),
      hv: fromChannelFirst(createWave(2, 1.3, 0.5), [batch, 2, side, side]),
      nc: fromChannelFirst(createWave(5, 0.7), [batch, 5, side, side]),
    },
    targets: {
      np: oneHot(mask, [batch, side, side], 2),
      hv: fromChannelFirst(hv, [batch, 2, side, side]),
      nc: oneHot(type, [batch, side, side], 5),
    },
  };
}

/** Targets without any nucleus. */
export function createEmptyTargets(): Required<HoverNetMaps> {
  const background = new Uint8Array(batch * planeSize);
  return {
    np: oneHot(background, [batch, side, side], 2),
    hv: tf.zeros([batch, side, side, 2]),
    nc: oneHot(background, [batch, side, side], 5),
  };
}

function isInside(index: number): boolean {
  const [row, column] = [Math.floor((index % planeSize) / side), index % side];
  if (index < planeSize) return row >= 2 && row <= 5 && column >= 2 && column <= 5;
  return row >= 1 && row <= 3 && column >= 3 && column <= 7;
}

function createWave(channels: number, frequency: number, amplitude = 1): Float32Array {
  const wave = (n: number) => Math.sin(0.37 * frequency * n) + Math.cos(0.11 * frequency * n);
  return Float32Array.from({ length: batch * channels * planeSize }, (_, n) => amplitude * wave(n));
}

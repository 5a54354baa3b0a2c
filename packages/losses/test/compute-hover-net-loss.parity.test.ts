// Loss terms and their gradients against MONAI's, computed in float64.
import { readFileSync } from 'node:fs';
import {
  hasReference,
  maxDifference,
  readNpy,
  readReferenceJson,
  referencePath,
  type NumpyArray,
} from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { computeHoverNetLoss, type HoverNetMaps, type LossTerms } from '../src/index.js';
import { fromChannelFirst, oneHot, toChannelFirst } from './nhwc.js';

interface GoldenCase {
  lambda_hv_mse: number;
  type_branch: boolean;
  all_background: boolean;
  terms: Record<string, number>;
}

const termNames: Record<keyof LossTerms, string> = {
  npCrossEntropy: 'ce_np',
  npDice: 'dice_np',
  hvMse: 'hv_mse_unweighted',
  hvGradientMse: 'hv_msge',
  ncCrossEntropy: 'ce_nc',
  ncDice: 'dice_nc',
};

describe.skipIf(!hasReference('golden/losses'))('computeHoverNetLoss against MONAI', () => {
  const cases = ['lambda1', 'lambda2', 'lambda1_notype', 'all_background'];

  it.each(cases)('gives the terms and the total of %s to 1e-5', (name) => {
    const golden = readCase(name);
    const { total, terms } = computeHoverNetLoss(...readMaps(golden), { hvMse: golden.lambda_hv_mse });
    for (const [term, tensor] of Object.entries(terms)) {
      const expected = golden.terms[termNames[term as keyof LossTerms]]!;
      expect(Math.abs(valueOf(tensor as tf.Scalar) - expected), term).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
    }
    expect(Object.keys(terms)).toHaveLength(golden.type_branch ? 6 : 4);
    expect(valueOf(total) / golden.terms['total']!).toBeCloseTo(1, 5);
  });

  it.each(cases)('gives the gradients of %s to 1e-5 of the largest', (name) => {
    const golden = readCase(name);
    const [outputs, targets] = readMaps(golden);
    const inputs = Object.values(outputs) as tf.Tensor4D[];
    const gradients = tf.grads((...maps: tf.Tensor[]) => {
      const [np, hv, nc] = maps as tf.Tensor4D[];
      return computeHoverNetLoss({ np: np!, hv: hv!, nc }, targets, { hvMse: golden.lambda_hv_mse }).total;
    })(inputs);
    const files = ['nucleus_prediction', 'horizontal_vertical', 'type_prediction'];
    gradients.forEach((gradient, index) => {
      const expected = readArray(gradientFile(name, files[index]!)).data as Float32Array;
      const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(maxDifference(toChannelFirst(gradient), expected).value / largest, files[index]).toBeLessThan(1e-5);
    });
  });
});

function readCase(name: string): GoldenCase {
  return readReferenceJson<Record<string, GoldenCase>>('golden/losses/losses.json')[name]!;
}

/** Gradients that equal those of another case are stored once. */
function gradientFile(name: string, output: string): string {
  const same = name === 'lambda1_notype' || (name === 'lambda2' && output !== 'horizontal_vertical');
  return `grad_${same ? 'lambda1' : name}_${output}.npy`;
}

function readMaps(golden: GoldenCase): [HoverNetMaps, HoverNetMaps] {
  const read = (name: string) => readArray(`${name}.npy`);
  const [mask, type, hv] = [read('target_mask'), read('target_type'), read('target_hv')];
  const asTensor = (name: string) => fromChannelFirst(read(name).data as Float32Array, read(name).shape);
  const clear = golden.all_background;
  const targets = {
    np: oneHot(clear ? new Uint8Array(mask.data.length) : (mask.data as Uint8Array), mask.shape, 2),
    hv: clear ? tf.zerosLike(asTensor('target_hv')) : fromChannelFirst(hv.data as Float32Array, hv.shape),
    nc: oneHot(clear ? new Uint8Array(type.data.length) : (type.data as Uint8Array), type.shape, 5),
  };
  const outputs = { np: asTensor('pred_np'), hv: asTensor('pred_hv') };
  return [golden.type_branch ? { ...outputs, nc: asTensor('pred_nc') } : outputs, targets];
}

/** A copy: a Buffer's memory may belong to a larger pool. */
function readArray(file: string): NumpyArray {
  return readNpy(Uint8Array.from(readFileSync(referencePath(`golden/losses/${file}`))));
}

function valueOf(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}

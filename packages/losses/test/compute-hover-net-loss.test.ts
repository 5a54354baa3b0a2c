import { ArgumentError, ShapeError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { computeHoverNetLoss, type HoverNetMaps } from '../src/index.js';
import { createEmptyTargets, createSampleMaps } from './sample-maps.js';

describe('computeHoverNetLoss', () => {
  it('gives the terms that MONAI gives', () => {
    const { outputs, targets } = createSampleMaps();
    const { total, terms } = computeHoverNetLoss(outputs, targets);
    expect(valueOf(total)).toBeCloseTo(8.372941, 5);
    expect(valueOf(terms.npDice)).toBeCloseTo(0.99412, 6);
    expect(valueOf(terms.npCrossEntropy)).toBeCloseTo(0.726816, 6);
    expect(valueOf(terms.hvMse)).toBeCloseTo(0.289797, 6);
    expect(valueOf(terms.hvGradientMse)).toBeCloseTo(0.0448656, 7);
    expect(valueOf(terms.ncDice!)).toBeCloseTo(4.280128, 5);
    expect(valueOf(terms.ncCrossEntropy!)).toBeCloseTo(2.037213, 6);
  });

  it('weighs each term by its own factor', () => {
    const { outputs, targets } = createSampleMaps();
    const names = ['npCrossEntropy', 'npDice', 'hvMse', 'hvGradientMse', 'ncCrossEntropy', 'ncDice'] as const;
    const { total, terms } = computeHoverNetLoss(outputs, targets);
    for (const name of names) {
      const weighted = computeHoverNetLoss(outputs, targets, { [name]: 3 });
      expect(valueOf(weighted.total), name).toBeCloseTo(valueOf(total) + 2 * valueOf(terms[name]!), 4);
      expect(valueOf(weighted.terms[name]!), name).toBe(valueOf(terms[name]!));
    }
  });

  it('leaves the class terms out without a type branch and ignores class targets', () => {
    const { outputs, targets } = createSampleMaps();
    const { total, terms } = computeHoverNetLoss({ np: outputs.np, hv: outputs.hv }, targets);
    expect(Object.keys(terms)).toEqual(['npCrossEntropy', 'npDice', 'hvMse', 'hvGradientMse']);
    expect(valueOf(total)).toBeCloseTo(0.99412 + 0.726816 + 0.289797 + 0.0448656, 5);
  });

  it('stays finite with its gradients where no nucleus is', () => {
    const { outputs } = createSampleMaps();
    const targets = createEmptyTargets();
    expect(valueOf(computeHoverNetLoss(outputs, targets).terms.hvGradientMse)).toBe(0);
    for (const gradient of gradientsOf(outputs, targets)) {
      expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    }
  });

  it('stays finite with its gradients for logits far apart', () => {
    const { outputs, targets } = createSampleMaps();
    const steep = { ...outputs, np: tf.mul<tf.Tensor4D>(outputs.np, 1e4), nc: tf.mul<tf.Tensor4D>(outputs.nc, 1e4) };
    expect(Number.isFinite(valueOf(computeHoverNetLoss(steep, targets).total))).toBe(true);
    for (const gradient of gradientsOf(steep, targets)) {
      expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    }
  });

  it('leaves no tensors behind but its results', () => {
    const { outputs, targets } = createSampleMaps();
    const before = tf.memory().numTensors;
    const { total, terms } = computeHoverNetLoss(outputs, targets);
    expect(tf.memory().numTensors).toBe(before + 7);
    tf.dispose([total, ...Object.values(terms)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('asks for class targets where the network predicts classes', () => {
    const { outputs, targets } = createSampleMaps();
    const untyped = { np: targets.np, hv: targets.hv };
    expect(() => computeHoverNetLoss(outputs, untyped)).toThrow(ArgumentError);
    expect(() => computeHoverNetLoss(outputs, untyped)).toThrow(/expected nc in targets as in outputs, got none/);
  });

  it('names the map that is missing', () => {
    const { outputs, targets } = createSampleMaps();
    const withoutHv = { np: targets.np } as HoverNetMaps;
    expect(() => computeHoverNetLoss(outputs, withoutHv)).toThrow(/expected hv in targets, got none/);
    const withoutNp = { hv: outputs.hv } as HoverNetMaps;
    expect(() => computeHoverNetLoss(withoutNp, targets)).toThrow(/expected np in outputs, got none/);
  });

  it('refuses targets of another size and a single nucleus channel', () => {
    const { outputs, targets } = createSampleMaps();
    const smaller = tf.slice(targets.np, [0, 0, 0, 0], [2, 4, 4, 2]);
    expect(() => computeHoverNetLoss(outputs, { ...targets, np: smaller })).toThrow(ShapeError);
    const single = tf.zeros<tf.Rank.R4>([2, 8, 8, 1]);
    expect(() => computeHoverNetLoss({ ...outputs, np: single }, { ...targets, np: single })).toThrow(
      /expected at least 2 channels/,
    );
  });
});

function gradientsOf(outputs: Required<HoverNetMaps>, targets: HoverNetMaps): tf.Tensor[] {
  const loss = (...maps: tf.Tensor[]) => {
    const [np, hv, nc] = maps as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    return computeHoverNetLoss({ np, hv, nc }, targets).total;
  };
  return tf.grads(loss)([outputs.np, outputs.hv, outputs.nc]);
}

function valueOf(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}

// The terms of HoVerNetLoss, each of two maps [N, H, W, C].
import { ShapeError } from '@hovernet/core';
import { filterDerivative } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';

/**
 * `−mean over pixels of log softmax(logits)[class]`, without class weights, as PyTorch's CrossEntropyLoss on the argmax
 * of the target. Targets must be one-hot: soft targets give the soft cross-entropy, not that of their argmax.
 *
 * @param logits `[N, H, W, C]` float32, before softmax
 * @param target `[N, H, W, C]` float32, one-hot
 * @returns scalar ≥ 0, differentiable in `logits`
 * @throws ShapeError if the shapes differ or are not of rank 4
 */
export function computeCrossEntropy(logits: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  assertSameMaps('computeCrossEntropy', logits, target);
  const classAxis = 3;
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits, classAxis)), classAxis))));
}

/** Added to numerator and denominator, so that a class that is absent in both counts as a perfect match. */
const smoothing = 1e-3;

/**
 * `Σ over channels of 1 − (2·Σ p·t + s) / (Σ p + Σ t + s)` with p = softmax(logits), s = 1e-3, inner sums over batch, rows
 * and columns together. As MONAI: plain (not squared) sums, background included, summed (not averaged) over channels.
 *
 * @param logits `[N, H, W, C]` float32, before softmax
 * @param target `[N, H, W, C]` float32, one-hot
 * @returns scalar in 0…C, differentiable in `logits`
 * @throws ShapeError if the shapes differ or are not of rank 4
 */
export function computeDice(logits: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  assertSameMaps('computeDice', logits, target);
  return tf.tidy(() => {
    const probability = tf.softmax(logits, 3);
    const common = sumOverPixels(tf.mul(probability, target));
    const total = tf.add(sumOverPixels(probability), sumOverPixels(target));
    const overlap = tf.div(tf.add(tf.mul(common, 2), smoothing), tf.add(total, smoothing));
    return tf.sum(tf.sub(1, overlap));
  });
}

function sumOverPixels(maps: tf.Tensor): tf.Tensor {
  return tf.sum(maps, [0, 1, 2]);
}

/**
 * Mean of (prediction − target)² over all elements, background included.
 *
 * @param prediction `[N, H, W, C]` float32
 * @param target `[N, H, W, C]` float32
 * @returns scalar ≥ 0, differentiable in both
 * @throws ShapeError if the shapes differ or are not of rank 4
 */
export function computeMse(prediction: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  assertSameMaps('computeMse', prediction, target);
  return tf.tidy(() => tf.mean(tf.square(tf.sub(prediction, target))));
}

const epsilon = 1e-8;

/**
 * `Σ m·(∂prediction − ∂target)² / (2·Σ m + 1e-8)`: the horizontal channel differentiated along x, the vertical along y, with
 * the 5-tap filter of `filterDerivative`. 0 where the mask is empty. As MONAI; the original crosses the two axes.
 *
 * @param prediction `[N, H, W, 2]` float32: horizontal, vertical; H, W ≥ 3
 * @param target `[N, H, W, 2]` float32
 * @param mask `[N, H, W, 1]` float32, 1 inside nuclei
 * @returns scalar ≥ 0, differentiable in `prediction` and `target`
 * @throws ShapeError if the shapes do not fit
 */
export function computeMaskedGradientMse(prediction: tf.Tensor4D, target: tf.Tensor4D, mask: tf.Tensor4D): tf.Scalar {
  assertSameMaps('computeMaskedGradientMse', prediction, target);
  assertChannelsAndMask(prediction, mask);
  return tf.tidy(() => {
    // The filter is linear: the difference of derivatives is the derivative of the difference.
    const error = tf.sub<tf.Tensor4D>(prediction, target);
    const [horizontal, vertical] = tf.split(error, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const squares = tf.add(
      tf.square(filterDerivative(horizontal, { axis: 'x' })),
      tf.square(filterDerivative(vertical, { axis: 'y' })),
    );
    return tf.div(tf.sum(tf.mul(squares, mask)), tf.add(tf.mul(tf.sum(mask), 2), epsilon));
  });
}

function assertChannelsAndMask(prediction: tf.Tensor4D, mask: tf.Tensor4D): void {
  const [batch, height, width, channels] = prediction.shape;
  if (channels !== 2) {
    throw new ShapeError(
      'computeMaskedGradientMse: prediction',
      '2 channels (horizontal, vertical)',
      `[${prediction.shape.join(', ')}]`,
    );
  }
  const expected = [batch, height, width, 1];
  if (mask.shape.join() !== expected.join()) {
    throw new ShapeError('computeMaskedGradientMse: mask', `[${expected.join(', ')}]`, `[${mask.shape.join(', ')}]`);
  }
}

/** Throws a ShapeError that names `operation` unless both are `[N, H, W, C]` of one shape. */
function assertSameMaps(operation: string, prediction: tf.Tensor4D, target: tf.Tensor4D): void {
  const actual = `[${target.shape.join(', ')}]`;
  if (prediction.rank !== 4) {
    throw new ShapeError(
      `${operation}: prediction`,
      '[batch, height, width, channels]',
      `[${prediction.shape.join(', ')}]`,
    );
  }
  if (prediction.shape.join() !== target.shape.join()) {
    throw new ShapeError(
      `${operation}: target`,
      `the shape of the prediction, [${prediction.shape.join(', ')}]`,
      actual,
    );
  }
}

// Cross-entropy of logits against one-hot targets.
import * as tf from '@tensorflow/tfjs';
import { assertSameMaps } from './check-maps.js';

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

// Mean squared error of HoVer maps.
import * as tf from '@tensorflow/tfjs';
import { assertSameMaps } from './check-maps.js';

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

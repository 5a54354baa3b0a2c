// Mean squared error of the HoVer maps' spatial derivatives inside nuclei (Graham et al. 2019, equation 4).
import { ShapeError } from '@hovernet/core';
import { filterDerivative } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { assertSameMaps } from './check-maps.js';

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

// What lies outside of an image: how coordinates beyond its edges are mapped back, as TensorFlow's ImageProjectiveTransform does.
import * as tf from '@tensorflow/tfjs';

export type FillMode = 'constant' | 'nearest' | 'reflect' | 'wrap';

/** `at` along an axis of `length` pixels, mapped into it; 'constant' leaves it, so that the fill value is read. */
export function mapCoordinate(at: tf.Tensor, length: number, mode: FillMode): tf.Tensor {
  switch (mode) {
    case 'reflect':
      return clamp(length > 1 ? reflect(at, length) : at, length);
    case 'wrap':
      return clamp(length > 1 ? wrap(at, length) : at, length);
    case 'nearest':
      return clamp(at, length);
    default:
      return at;
  }
}

function clamp(at: tf.Tensor, length: number): tf.Tensor {
  return tf.clipByValue(at, 0, length - 1);
}

/** dcba | abcd | dcba. */
function reflect(at: tf.Tensor, length: number): tf.Tensor {
  const period = 2 * length;
  const raised = tf.add(tf.mul(tf.floor(tf.div(tf.neg(at), period)), period), at);
  const below = tf.where(tf.less(raised, -length), tf.add(raised, period), tf.sub(tf.neg(raised), 1));
  const lowered = tf.sub(at, tf.mul(tf.floor(tf.div(at, period)), period));
  const above = tf.where(tf.greaterEqual(lowered, length), tf.sub(period - 1, lowered), lowered);
  return choose(at, length, { below, above });
}

/** abcd | abcd | abcd, with TensorFlow's period of one pixel less. */
function wrap(at: tf.Tensor, length: number): tf.Tensor {
  const turns = (distance: tf.Tensor) => tf.floor(tf.div(distance, length - 1));
  const below = tf.add(at, tf.mul(tf.add(turns(tf.neg(at)), 1), length));
  const above = tf.sub(at, tf.mul(turns(at), length));
  return choose(at, length, { below, above });
}

function choose(
  at: tf.Tensor,
  length: number,
  { below, above }: { readonly below: tf.Tensor; readonly above: tf.Tensor },
): tf.Tensor {
  return tf.where(tf.less(at, 0), below, tf.where(tf.greater(at, length - 1), above, at));
}

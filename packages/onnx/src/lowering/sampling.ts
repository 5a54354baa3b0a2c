// Pixels read at computed places: crops of boxes, projective transforms and rotations.
import * as tf from '@tensorflow/tfjs';
import { composite, type Composition } from './composite.js';
import { mapCoordinate, type FillMode } from './fill-mode.js';
import type { LoweringTable } from './types.js';

/** Places in a batch of images; the three broadcast against each other. `rows` and `columns` are float32. */
interface Places {
  readonly images: tf.Tensor;
  readonly rows: tf.Tensor;
  readonly columns: tf.Tensor;
}

/** Pixels `[…places, channels]` of `x` [batch, height, width, channels] at whole numbers; `fill` outside. */
function readPixels(x: tf.Tensor, { images, rows, columns }: Places, fill: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const within = (place: tf.Tensor, length: number) =>
    tf.logicalAnd(tf.greaterEqual(place, 0), tf.lessEqual(place, length - 1));
  const safe = (place: tf.Tensor, length: number) => tf.cast(tf.clipByValue(place, 0, length - 1), 'int32');
  const row = tf.add(tf.mul(images, tf.scalar(height, 'int32')), safe(rows, height));
  const index = tf.add(tf.mul(row, tf.scalar(width, 'int32')), safe(columns, width));
  const pixels = tf.gather(tf.reshape(x, [batch * height * width, channels]), index);
  const exists = tf.logicalAnd(within(rows, height), within(columns, width));
  return tf.where(tf.expandDims(exists, -1), pixels, tf.scalar(fill));
}

/** As {@link readPixels} at fractions, between the four pixels around. */
function interpolatePixels(x: tf.Tensor, { images, rows, columns }: Places, fill: number): tf.Tensor {
  const [top, left] = [tf.floor(rows), tf.floor(columns)];
  const [bottom, right] = [tf.add(top, 1), tf.add(left, 1)];
  const read = (row: tf.Tensor, column: tf.Tensor) => readPixels(x, { images, rows: row, columns: column }, fill);
  const mix = (first: tf.Tensor, second: tf.Tensor, share: tf.Tensor) =>
    tf.add(first, tf.mul(tf.sub(second, first), share));
  const across = tf.expandDims(tf.sub(columns, left), -1);
  const down = tf.expandDims(tf.sub(rows, top), -1);
  return mix(
    mix(read(top, left), read(top, right), across),
    mix(read(bottom, left), read(bottom, right), across),
    down,
  );
}

/** Half up, as JavaScript rounds. */
function roundHalfUp(x: tf.Tensor): tf.Tensor {
  return tf.floor(tf.add(x, 0.5));
}

/** How far beyond the outermost pixels, relative to the length, a place is still taken for theirs: float32 rounds. */
const EDGE_TOLERANCE = 1e-6;

/** `count` places along an axis of `length` pixels from the one side of each box to the other, and which lie outside. */
function spreadOverBox(
  [first, last]: readonly [tf.Tensor, tf.Tensor],
  { length, count }: { readonly length: number; readonly count: number },
): { at: tf.Tensor; outside: tf.Tensor } {
  const shares = Array.from({ length: count }, (_, place) => (count > 1 ? place / (count - 1) : 0.5));
  const from = tf.mul(first, length - 1);
  const at = tf.add(from, tf.mul(tf.sub(tf.mul(last, length - 1), from), tf.tensor1d(shares)));
  const margin = length * EDGE_TOLERANCE;
  const outside = tf.logicalOr(tf.less(at, -margin), tf.greater(at, length - 1 + margin));
  return { at: tf.clipByValue(at, 0, length - 1), outside };
}

/** Boxes [count, 4] of relative corners y1, x1, y2, x2 and the image of each, resized to one size. */
const cropAndResize: Composition = ({ image, boxes, boxInd }, attributes) => {
  const { cropSize, method, extrapolationValue } = attributes as {
    cropSize: [number, number];
    method: 'bilinear' | 'nearest';
    extrapolationValue: number;
  };
  const [batch, height, width] = image!.shape as [number, number, number, number];
  const corners = tf.unstack(tf.expandDims(boxes!, 1), 2);
  const rows = spreadOverBox([corners[0]!, corners[2]!], { length: height, count: cropSize[0] });
  const columns = spreadOverBox([corners[1]!, corners[3]!], { length: width, count: cropSize[1] });
  const leftOut = tf.logicalOr(tf.expandDims(rows.outside, 2), tf.expandDims(columns.outside, 1));
  const images = tf.reshape(tf.minimum(boxInd!, tf.scalar(batch - 1, 'int32')), [-1, 1, 1]);
  const whole = method === 'nearest' ? roundHalfUp : (place: tf.Tensor) => place;
  const grid = { images, rows: whole(tf.expandDims(rows.at, 2)), columns: whole(tf.expandDims(columns.at, 1)) };
  const pixels = (method === 'nearest' ? readPixels : interpolatePixels)(tf.cast(image!, 'float32'), grid, 0);
  const crops = tf.where(tf.expandDims(leftOut, 3), tf.scalar(extrapolationValue), pixels);
  // Boxes of images that do not exist are black.
  const exists = tf.reshape(tf.less(boxInd!, tf.scalar(batch, 'int32')), [-1, 1, 1, 1]);
  return tf.where(exists, crops, tf.scalar(0));
};

/** Output pixel (x, y) shows input pixel (a0·x + a1·y + a2, b0·x + b1·y + b2) / (c0·x + c1·y + 1). */
const transform: Composition = ({ image, transforms }, attributes) => {
  const { interpolation, fillMode, fillValue, outputShape } = attributes as {
    interpolation: 'nearest' | 'bilinear';
    fillMode: FillMode;
    fillValue: number;
    outputShape?: [number, number];
  };
  const [batch, height, width] = image!.shape as [number, number, number, number];
  const [outHeight, outWidth] = outputShape ?? [height, width];
  const x = tf.reshape(tf.range(0, outWidth), [1, 1, outWidth]);
  const y = tf.reshape(tf.range(0, outHeight), [1, outHeight, 1]);
  const [a0, a1, a2, b0, b1, b2, c0, c1] = tf
    .unstack(transforms!, 1)
    .map((coefficient) => tf.reshape(coefficient, [-1, 1, 1])) as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const linear = (forX: tf.Tensor, forY: tf.Tensor) => tf.add(tf.mul(forX, x), tf.mul(forY, y));
  const projection = tf.add(linear(c0!, c1!), 1);
  const columns = mapCoordinate(tf.div(tf.add(linear(a0, a1), a2!), projection), width, fillMode);
  const rows = mapCoordinate(tf.div(tf.add(linear(b0!, b1!), b2!), projection), height, fillMode);
  const images = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1]);
  const float = tf.cast(image!, 'float32');
  const pixels =
    interpolation === 'nearest'
      ? readPixels(float, { images, rows: roundHalfUp(rows), columns: roundHalfUp(columns) }, fillValue)
      : interpolatePixels(float, { images, rows, columns }, fillValue);
  const undefinedAt = tf.expandDims(tf.equal(projection, 0), 3);
  return tf.cast(tf.where(undefinedAt, tf.scalar(fillValue), pixels), image!.dtype);
};

/** Rotation by a constant angle to the nearest pixel: which pixel each one shows is known. */
const rotateWithOffset: Composition = ({ image }, attributes) => {
  const { radians, fillValue, center } = attributes as {
    radians: number;
    fillValue: number | [number, number, number];
    center: number | [number, number];
  };
  const [batch, height, width, channels] = image!.shape as [number, number, number, number];
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  const indices = new Int32Array(height * width);
  const shown = new Uint8Array(height * width);
  for (let place = 0; place < indices.length; place++) {
    const [x, y] = [(place % width) - centerX, Math.floor(place / width) - centerY];
    const column = Math.round(x * cosine - y * sine + centerX);
    const row = Math.round(x * sine + y * cosine + centerY);
    shown[place] = Number(column >= 0 && column < width && row >= 0 && row < height);
    if (shown[place]) indices[place] = row * width + column;
  }
  const flat = tf.gather(tf.reshape(image!, [batch, height * width, channels]), tf.tensor1d(indices, 'int32'), 1);
  // Colours have three channels; a fourth is opacity.
  const fill = Array.from({ length: channels }, (_, c) =>
    typeof fillValue === 'number' ? fillValue : (fillValue[c] ?? 255),
  );
  const visible = tf.tensor(shown, [1, height * width, 1], 'bool');
  const rotated = tf.where(visible, flat, tf.tensor(fill, [1, 1, channels], image!.dtype));
  return tf.reshape(rotated, image!.shape);
};

export const samplingLowerings: LoweringTable = {
  CropAndResize: composite(cropAndResize),
  Transform: composite(transform),
  RotateWithOffset: composite(rotateWithOffset),
};

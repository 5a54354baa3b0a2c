// Pixels moved between space, channels and batch: reshaped, with axes exchanged in between.
import * as tf from '@tensorflow/tfjs';
import { composite, type Composition } from './composite.js';
import type { LoweringTable } from './types.js';

/** Blocks of channels become blocks of pixels. */
const depthToSpace: Composition = ({ x }, attributes) => {
  const { blockSize: block, dataFormat = 'NHWC' } = attributes as { blockSize: number; dataFormat?: string };
  if (dataFormat !== 'NHWC') throw new Error(`expected the data format NHWC, got ${dataFormat}`);
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const left = channels / block ** 2;
  const blocks = tf.reshape(x!, [batch, height, width, block, block, left]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [batch, height * block, width * block, left]);
};

const spaceToBatch: Composition = ({ x }, attributes) => {
  const { blockShape, paddings } = attributes as { blockShape: number[]; paddings: [number, number][] };
  const rest = x!.shape.slice(1 + blockShape.length).map((): [number, number] => [0, 0]);
  const padded = tf.pad(x!, [[0, 0], ...paddings, ...rest]);
  const blocks = blockShape.reduce((product, length) => product * length, 1);
  const { getReshaped, getPermuted, getReshapedPermuted } = tf.backend_util;
  const reshaped = tf.reshape(padded, getReshaped(padded.shape, blockShape, blocks, false));
  const permuted = tf.transpose(reshaped, getPermuted(reshaped.rank, blockShape.length, false));
  return tf.reshape(permuted, getReshapedPermuted(padded.shape, blockShape, blocks, false));
};

const batchToSpace: Composition = ({ x }, attributes) => {
  const { blockShape, crops } = attributes as { blockShape: number[]; crops: number[][] };
  const blocks = blockShape.reduce((product, length) => product * length, 1);
  const { getReshaped, getPermuted, getReshapedPermuted, getSliceBeginCoords, getSliceSize } = tf.backend_util;
  const reshaped = tf.reshape(x!, getReshaped(x!.shape, blockShape, blocks));
  const permuted = tf.transpose(reshaped, getPermuted(reshaped.rank, blockShape.length));
  const shape = getReshapedPermuted(x!.shape, blockShape, blocks);
  const begin = getSliceBeginCoords(crops, blockShape.length);
  return tf.slice(tf.reshape(permuted, shape), begin, getSliceSize(shape, crops, blockShape.length));
};

export const spaceLowerings: LoweringTable = {
  DepthToSpace: composite(depthToSpace),
  SpaceToBatchND: composite(spaceToBatch),
  BatchToSpaceND: composite(batchToSpace),
};

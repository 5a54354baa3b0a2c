// Conv2DBackpropFilter, which tfjs-backend-wasm 4.22 lacks: one matrix product for each tap of the filter.
import { UnsupportedError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { createGenericKernel } from '../kernels/generic-kernel.js';

type Shape4D = [number, number, number, number];

interface BackpropFilterAttrs {
  strides: [number, number] | number;
  pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: Shape4D;
}

/** The kernel for backend `wasm`; NHWC, no dilation (TensorFlow.js has no gradient of dilated convolutions). */
export const conv2dBackpropFilterRepair: tf.KernelConfig = {
  backendName: 'wasm',
  ...createGenericKernel(tf.Conv2DBackpropFilter, ({ x, dy }, attrs) => {
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as BackpropFilterAttrs;
    if (dataFormat !== 'NHWC') throw new UnsupportedError(`Conv2DBackpropFilter: expected NHWC, got ${dataFormat}`);
    const info = tf.backend_util.computeConv2DInfo(x!.shape as Shape4D, filterShape, strides, 1, pad, dimRoundingMode);
    const { top, bottom, left, right } = info.padInfo;
    const padded = tf.pad(x!, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const { batchSize, inChannels, outChannels, outHeight, outWidth, strideHeight, strideWidth } = info;
    const pixels = batchSize * outHeight * outWidth;
    const upstream = tf.reshape(dy!, [pixels, outChannels]);
    const taps: tf.Tensor[] = [];
    for (let u = 0; u < info.filterHeight; u++) {
      for (let v = 0; v < info.filterWidth; v++) {
        const end = [
          batchSize,
          u + (outHeight - 1) * strideHeight + 1,
          v + (outWidth - 1) * strideWidth + 1,
          inChannels,
        ];
        const seen = tf.stridedSlice(padded, [0, u, v, 0], end, [1, strideHeight, strideWidth, 1]);
        taps.push(tf.matMul(tf.reshape(seen, [pixels, inChannels]), upstream, true));
      }
    }
    return tf.reshape(tf.stack(taps), filterShape);
  }),
};

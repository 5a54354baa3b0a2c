// Replaces MaxPoolGrad of tfjs-backend-wasm 4.22: it looks for a maximum above zero, and where a window has none, the gradient
// goes to a pixel that is not the window's maximum.
import * as tf from '@tensorflow/tfjs';
import { createHostKernel } from './host-kernel.js';

interface MaxPoolAttrs {
  filterSize: [number, number];
  strides: [number, number];
  pad: 'same' | 'valid' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The kernel for backend `wasm`: each element of dy goes to the first maximum of its window, as on the cpu backend. */
export const maxPoolGradRepair = createHostKernel(tf.MaxPoolGrad, 'wasm', ({ input, dy }, attrs) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolAttrs;
  const inputShape = input!.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(inputShape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  const [values, upstream] = [input!.data, dy!.data];
  const gradient = new Float32Array(values.length);
  let from = 0;
  for (let image = 0; image < info.batchSize; image++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * info.strideHeight - info.padInfo.top;
      const [y0, y1] = [Math.max(0, top), Math.min(inHeight, top + info.filterHeight)];
      for (let j = 0; j < outWidth; j++) {
        const left = j * info.strideWidth - info.padInfo.left;
        const [x0, x1] = [Math.max(0, left), Math.min(inWidth, left + info.filterWidth)];
        for (let c = 0; c < channels; c++) {
          let best = -1;
          for (let y = y0; y < y1; y++) {
            for (let x = x0; x < x1; x++) {
              const at = ((image * inHeight + y) * inWidth + x) * channels + c;
              if (best < 0 || values[at]! > values[best]!) best = at;
            }
          }
          gradient[best]! += upstream[from++]!;
        }
      }
    }
  }
  return { shape: input!.shape, data: gradient };
});

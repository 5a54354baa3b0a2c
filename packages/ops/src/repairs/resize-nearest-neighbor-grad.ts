// Replaces ResizeNearestNeighborGrad of tfjs-backend-cpu 4.22, which reads dy at the image's batch offset: for a batch
// larger than one all gradients but the first image's are wrong. It also ignores half-pixel centres, handled here.
import * as tf from '@tensorflow/tfjs';
import { createHostKernel } from './host-kernel.js';

type Shape4D = [number, number, number, number];

/** The kernel for backend `cpu`: each element of dy is added to the pixel that the forward kernel read. */
export const resizeNearestNeighborGradRepair = createHostKernel(
  tf.ResizeNearestNeighborGrad,
  'cpu',
  ({ images, dy }, attrs) => {
    const { alignCorners, halfPixelCenters } = attrs as { alignCorners: boolean; halfPixelCenters: boolean };
    const [batch, height, width, channels] = images!.shape as Shape4D;
    const [, dyHeight, dyWidth] = dy!.shape as Shape4D;
    const rows = sourceIndices(height, dyHeight, alignCorners, halfPixelCenters);
    const columns = sourceIndices(width, dyWidth, alignCorners, halfPixelCenters);
    const upstream = dy!.data;
    const gradient = new Float32Array(batch * height * width * channels);
    let from = 0;
    for (let image = 0; image < batch; image++) {
      for (let y = 0; y < dyHeight; y++) {
        const row = (image * height + rows[y]!) * width;
        for (let x = 0; x < dyWidth; x++) {
          const to = (row + columns[x]!) * channels;
          for (let c = 0; c < channels; c++) gradient[to + c]! += upstream[from++]!;
        }
      }
    }
    return { shape: images!.shape, data: gradient };
  },
);

/** Index of the input row (or column) that each output row shows, as the forward kernel computes it. */
function sourceIndices(input: number, output: number, alignCorners: boolean, halfPixelCenters: boolean): Int32Array {
  const cornersApart = alignCorners && output > 1;
  const scale = cornersApart ? (input - 1) / (output - 1) : input / output;
  const shift = halfPixelCenters ? 0.5 : 0;
  const round = alignCorners ? Math.round : Math.floor;
  return Int32Array.from({ length: output }, (_, index) => Math.min(input - 1, round(scale * (index + shift))));
}

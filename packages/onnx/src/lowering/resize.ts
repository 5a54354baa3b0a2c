// Nearest-neighbour resizing by whole factors and pooling, with the gradients that have an ONNX form.
import { backend_util } from '@tensorflow/tfjs';
import { NCHW } from '../layout.js';
import { nodeValue } from '../value.js';
import type { Lowering, LoweringTable } from './types.js';

const resizeNearest: Lowering = (recorder, { images }, attributes) => {
  const [batch, height, width, channels] = images!.shape as [number, number, number, number];
  const [outHeight, outWidth] = attributes['size'] as [number, number];
  const scales = Float32Array.of(1, 1, outHeight / height, outWidth / width);
  const name = recorder.graph.emit(
    'Resize',
    [recorder.operand(images!, NCHW), '', recorder.graph.constant(scales, [4], 'float32')],
    { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  );
  return nodeValue(name, [batch, outHeight, outWidth, channels], 'float32', NCHW);
};

const resizeNearestGradient: Lowering = (recorder, { images, dy }) => {
  const factors = [1, 2].map((axis) => dy!.shape[axis]! / images!.shape[axis]!);
  if (!factors.every(Number.isInteger)) {
    throw new Error(`ResizeNearestNeighborGrad: expected whole factors, got ${factors.join(' and ')}`);
  }
  const { graph } = recorder;
  const mean = graph.emit('AveragePool', [recorder.operand(dy!, NCHW)], { kernel_shape: factors, strides: factors });
  const name = graph.emit('Mul', [mean, graph.scalar(factors[0]! * factors[1]!)]);
  return nodeValue(name, images!.shape, 'float32', NCHW);
};

function pool(op: string): Lowering {
  return (recorder, { x }, attributes) => {
    const info = backend_util.computePool2DInfo(
      x!.shape as [number, number, number, number],
      attributes['filterSize'] as [number, number],
      attributes['strides'] as [number, number],
      1,
      attributes['pad'] as 'same',
      attributes['dimRoundingMode'] as 'floor' | undefined,
    );
    const name = recorder.graph.emit(op, [recorder.operand(x!, NCHW)], {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      pads: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
    });
    return nodeValue(name, info.outShape, 'float32', NCHW);
  };
}

export const resizeLowerings: LoweringTable = {
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: resizeNearestGradient,
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
};

// Resizing of images by bilinear and nearest-neighbour interpolation, with gradients, in all coordinate conventions.
import * as tf from '@tensorflow/tfjs';
import { NCHW, sameList } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
import { createMatrix, mapAxis } from './axis-map.js';
import { composite } from './composite.js';
import { keepFromPad } from './pooling.js';
import type { KernelAttributes, Lowering, LoweringTable } from './types.js';

interface Resizing {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

function readResizing({ alignCorners, halfPixelCenters }: KernelAttributes): Resizing {
  return { alignCorners: alignCorners === true, halfPixelCenters: halfPixelCenters === true };
}

/** Ratio of the sizes from input to output, between the outermost pixels' centres where corners are aligned. */
function ratio(input: number, output: number, { alignCorners }: Resizing): number {
  return alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
}

/** The map from `input` to `output` pixels along an axis, `[output, input]`: each output pixel mixes two neighbours. */
function bilinearMatrix(input: number, output: number, resizing: Resizing): tf.Tensor2D {
  const scale = ratio(input, output, resizing);
  return createMatrix([output, input], (place) => {
    const at = resizing.halfPixelCenters ? scale * (place + 0.5) - 0.5 : scale * place;
    const below = Math.max(0, Math.floor(at));
    const above = Math.min(input - 1, Math.ceil(at));
    return [
      [below, 1 - (at - below)],
      [above, at - below],
    ];
  });
}

/** The input pixel that each output pixel shows. */
function nearestIndices(input: number, output: number, resizing: Resizing): number[] {
  const scale = ratio(input, output, resizing);
  const round = resizing.alignCorners ? Math.round : Math.floor;
  const shift = resizing.halfPixelCenters ? 0.5 : 0;
  return Array.from({ length: output }, (_, place) => Math.max(0, Math.min(input - 1, round(scale * (place + shift)))));
}

/** `x` with `matrixOf` applied along height and width. */
function mapPlanes(
  x: tf.Tensor,
  [height, width]: readonly [number, number],
  matrixOf: (input: number, output: number) => tf.Tensor2D,
): tf.Tensor {
  const rowsDone = mapAxis(x, 1, matrixOf(x.shape[1]!, height));
  return mapAxis(rowsDone, 2, matrixOf(x.shape[2]!, width));
}

const resizeBilinear = composite(({ images }, attributes) =>
  mapPlanes(tf.cast(images!, 'float32'), attributes['size'] as [number, number], (input, output) =>
    bilinearMatrix(input, output, readResizing(attributes)),
  ),
);

/** The adjoint of the map; unlike tfjs-cpu's, it heeds half-pixel centres and gives images that are not square their shape. */
const resizeBilinearGradient = composite(({ images, dy }, attributes) =>
  mapPlanes(dy!, [images!.shape[1]!, images!.shape[2]!], (dyLength, length) =>
    tf.transpose(bilinearMatrix(length, dyLength, readResizing(attributes))),
  ),
);

/** By how much every pixel is repeated along height and width; undefined where they are not all repeated alike. */
function wholeFactors(
  from: readonly number[],
  to: readonly number[],
  resizing: Resizing,
): readonly [number, number] | undefined {
  const factors = [0, 1].map((axis) => to[axis]! / from[axis]!) as [number, number];
  const repeated = factors.every((factor, axis) => {
    const expected = Array.from({ length: to[axis]! }, (_, place) => Math.floor(place / factor));
    return Number.isInteger(factor) && sameList(nearestIndices(from[axis]!, to[axis]!, resizing), expected);
  });
  return repeated ? factors : undefined;
}

const gatherPixels = composite(({ images }, attributes) => {
  const size = attributes['size'] as [number, number];
  return [1, 2].reduce<tf.Tensor>((x, axis) => {
    const indices = nearestIndices(x.shape[axis]!, size[axis - 1]!, readResizing(attributes));
    return tf.gather(x, tf.tensor1d(indices, 'int32'), axis);
  }, images!);
});

const resizeNearest: Lowering = (recorder, { images }, attributes) => {
  const [batch, height, width, channels] = images!.shape as [number, number, number, number];
  const size = attributes['size'] as [number, number];
  const factors = wholeFactors([height, width], size, readResizing(attributes));
  if (!factors || images!.type !== 'float32') return gatherPixels(recorder, { images: images! }, attributes);
  const scales = recorder.graph.constant(Float32Array.of(1, 1, ...factors), [4], 'float32');
  const name = recorder.graph.emit('Resize', [recorder.operand(images!, NCHW), '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
  return nodeValue(name, [batch, ...size, channels], 'float32', NCHW);
};

/** Each pixel gets the sum of the gradients of the pixels that show it. */
const sumPixels = composite(({ images, dy }, attributes) =>
  mapPlanes(dy!, [images!.shape[1]!, images!.shape[2]!], (dyLength, length) => {
    const shown = nearestIndices(length, dyLength, readResizing(attributes));
    return tf.transpose(createMatrix([dyLength, length], (place) => [[shown[place]!, 1]]));
  }),
);

const resizeNearestGradient: Lowering = (recorder, { images, dy }, attributes) => {
  const planes = (value: Value) => value.shape.slice(1, 3);
  const factors = wholeFactors(planes(images!), planes(dy!), readResizing(attributes));
  if (!factors) return sumPixels(recorder, { images: images!, dy: dy! }, attributes);
  return averageBlocks(recorder, dy!, factors, images!.shape);
};

/** The sum of each block of pixels, as a multiple of their mean. */
function averageBlocks(
  recorder: Recorder,
  dy: Value,
  factors: readonly [number, number],
  shape: readonly number[],
): Value {
  const { graph } = recorder;
  const input = keepFromPad(recorder, recorder.operand(dy, NCHW));
  const mean = graph.emit('AveragePool', [input], { kernel_shape: factors, strides: factors });
  const name = graph.emit('Mul', [mean, graph.scalar(factors[0] * factors[1])]);
  return nodeValue(name, shape, 'float32', NCHW);
}

export const resizeLowerings: LoweringTable = {
  ResizeBilinear: resizeBilinear,
  ResizeBilinearGrad: resizeBilinearGradient,
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: resizeNearestGradient,
};

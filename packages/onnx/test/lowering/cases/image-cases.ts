// Resizing, sampling and normalising of images.
import type * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { input, kernel, type CaseTable, type Instance } from './instance.js';
import { image, size } from './pooling-cases.js';

const window = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(window, window);

const conventions = fc.constantFrom(
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
);
const targets = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })),
  fc.constant('twice' as const),
);

function resize(name: 'ResizeBilinear' | 'ResizeNearestNeighbor'): fc.Arbitrary<Instance> {
  return fc
    .tuple(size, targets, conventions, fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'))
    .chain(([extent, target, convention, dtype]) =>
      input(image(extent), { dtype, range: [-5, 5] }).map((images): Instance => {
        const attributes = { size: target === 'twice' ? [extent.height * 2, extent.width * 2] : target, ...convention };
        // tfjs-cpu gives the bilinear gradient of an image that is not square the wrong shape.
        const differentiable =
          dtype === 'float32' &&
          (name !== 'ResizeBilinear' || (extent.height === extent.width && !convention.halfPixelCenters));
        return {
          inputs: [images],
          run: kernel(name, ['images'], attributes),
          attributes,
          gradients: differentiable ? [0] : [],
        };
      }),
    );
}

const cropAndResize = fc
  .tuple(size, fc.integer({ min: 1, max: 3 }), pair, fc.constantFrom('bilinear', 'nearest'))
  .chain(([extent, boxes, cropSize, method]) =>
    fc
      .tuple(
        input(image(extent)),
        fc.oneof(
          input([boxes, 4], { range: [-0.3, 1.3], constant: 'sometimes' }),
          input([boxes, 4], { values: [0, 0, 1, 1, 0.25, 1, 0.75, 0, 0.5, 0.5, 1, 1] }),
        ),
        input([boxes], { dtype: 'int32', range: [0, extent.batch + 1] }),
      )
      .map((inputs): Instance => {
        const attributes = { cropSize, method, extrapolationValue: 0.25 };
        return { inputs, run: kernel('CropAndResize', ['image', 'boxes', 'boxInd'], attributes), attributes };
      }),
  );

/** One image: tfjs-cpu returns after the first. */
const transform = fc
  .tuple(
    size,
    fc.constantFrom('nearest', 'bilinear'),
    fc.constantFrom('constant', 'reflect', 'wrap', 'nearest'),
    fc.boolean(),
  )
  .chain(([extent, interpolation, fillMode, resized]) =>
    fc
      .tuple(
        input(image({ ...extent, batch: 1 })),
        input([1, 8], { values: [0.91, 0.27, -1.3, -0.33, 1.17, 0.8, 0.011, -0.007], constant: 'sometimes' }),
      )
      .map((inputs): Instance => {
        const attributes = { interpolation, fillMode, fillValue: 0.5, ...(resized ? { outputShape: [5, 9] } : {}) };
        return { inputs, run: kernel('Transform', ['image', 'transforms'], attributes), attributes };
      }),
  );

const rotate = fc
  .tuple(size, fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean())
  .chain(([extent, radians, gray]) =>
    input(image({ ...extent, channels: 4 })).map((x): Instance => {
      const attributes = { radians, fillValue: gray ? 7 : [1, 2, 3], center: [0.4, 0.6] };
      return { inputs: [x], run: kernel('RotateWithOffset', ['image'], attributes), attributes };
    }),
  );

const lrn = fc.tuple(size, fc.integer({ min: 0, max: 3 })).chain(([extent, depthRadius]) =>
  input([extent.batch, extent.height, extent.width, 5]).map((x): Instance => {
    const attributes = { depthRadius, bias: 1.5, alpha: 0.7, beta: 0.6 };
    return { inputs: [x], run: kernel('LRN', ['x'], attributes), attributes, gradients: [0] };
  }),
);

const batchNorm = size.chain((extent) => {
  const vector = [extent.channels];
  return fc
    .tuple(input(image(extent)), input(vector), input(vector, { range: [0.5, 2] }), input(vector), input(vector))
    .map((inputs): Instance => {
      const names = ['x', 'mean', 'variance', 'offset', 'scale'];
      return {
        inputs,
        run: kernel('FusedBatchNorm', names, { varianceEpsilon: 1e-3 }),
        gradients: [0, 1, 2, 3, 4],
        // Sums of terms that cancel.
        absolute: 1e-5,
      };
    });
});

const batchNormTraining = size.chain((extent) =>
  fc
    .tuple(input(image(extent)), input([extent.channels], { range: [0.5, 2] }), input([extent.channels]))
    .map((inputs): Instance => {
      const run = kernel('BatchNormTraining', ['x', 'gamma', 'beta'], { epsilon: 1e-3 });
      // Sums of terms that cancel.
      return {
        inputs,
        run: (...xs) => (run(...xs) as tf.Tensor[])[0]!,
        gradients: [0, 1, 2],
        relative: 1e-4,
        absolute: 1e-5,
      };
    }),
);

const dilation = fc
  .tuple(size, pair, pair, fc.constantFrom('same', 'valid'), fc.boolean())
  .chain(([extent, taps, steps, pad, dilated]) =>
    fc
      .tuple(
        input(image(extent), { range: [-3, 3], whole: true }),
        input([...taps, extent.channels], { range: [-2, 2], whole: true }),
      )
      .map((inputs): Instance => {
        const ones = [1, 1];
        const attributes = {
          strides: dilated ? ones : steps,
          dilations: dilated && pad === 'same' ? [2, 2] : ones,
          pad,
        };
        return { inputs, run: kernel('Dilation2D', ['x', 'filter'], attributes), attributes, gradients: [0, 1] };
      }),
  );

const space = fc.tuple(size, fc.integer({ min: 1, max: 3 }));

const depthToSpace = space.chain(([extent, blockSize]) =>
  input(image({ ...extent, channels: extent.channels * blockSize ** 2 })).map((x): Instance => {
    const attributes = { blockSize, dataFormat: 'NHWC' };
    return { inputs: [x], run: kernel('DepthToSpace', ['x'], attributes), attributes };
  }),
);

const spaceToBatch = space.chain(([extent, block]) =>
  input(image({ ...extent, height: block * 2 - 1, width: block * 3 - 1 })).map((x): Instance => {
    const attributes = {
      blockShape: [block, block],
      paddings: [
        [0, 1],
        [1, 0],
      ],
    };
    return { inputs: [x], run: kernel('SpaceToBatchND', ['x'], attributes), attributes, gradients: [0] };
  }),
);

const batchToSpace = space.chain(([extent, block]) =>
  input(image({ ...extent, batch: extent.batch * block ** 2 })).map((x): Instance => {
    const attributes = {
      blockShape: [block, block],
      crops: [
        [0, 1],
        [1, 0],
      ],
    };
    return { inputs: [x], run: kernel('BatchToSpaceND', ['x'], attributes), attributes, gradients: [0] };
  }),
);

export const imageCases: CaseTable = {
  ResizeBilinear: resize('ResizeBilinear'),
  ResizeNearestNeighbor: resize('ResizeNearestNeighbor'),
  CropAndResize: cropAndResize,
  Transform: transform,
  RotateWithOffset: rotate,
  LRN: lrn,
  FusedBatchNorm: batchNorm,
  BatchNormTraining: batchNormTraining,
  Dilation2D: dilation,
  DepthToSpace: depthToSpace,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};

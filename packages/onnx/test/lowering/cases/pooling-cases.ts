// Pooling of planes and volumes.
import fc from 'fast-check';
import { input, kernel, type CaseTable, type Instance } from './instance.js';

/** Of an image. */
export const size = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  channels: fc.integer({ min: 1, max: 3 }),
});
export type Size = typeof size extends fc.Arbitrary<infer T> ? T : never;
/** Its shape. */
export const image = ({ batch, height, width, channels }: Size) => [batch, height, width, channels];

const window = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(window, window);
const padding = fc.oneof(
  fc.record({ pad: fc.constantFrom('same', 'valid') }),
  fc.record({ pad: fc.nat({ max: 3 }), dimRoundingMode: fc.constantFrom('floor', 'round', 'ceil') }),
);

/** Pooling of planes; whole numbers give ties. tfjs-cpu's gradients do not heed the rounding of sizes. */
function pool(name: 'MaxPool' | 'AvgPool'): fc.Arbitrary<Instance> {
  return fc
    .tuple(size, pair, pair, padding, fc.boolean(), fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'))
    .chain(([extent, filterSize, strides, pads, whole, dtype]) =>
      input(image(extent), { dtype, range: [-3, 3], whole }).map((x): Instance => {
        // Windows without any element have no sensible integer.
        const attributes = { filterSize, strides, ...(dtype === 'int32' ? { pad: 'same' } : pads) };
        const differentiable = dtype === 'float32' && typeof pads.pad === 'string';
        return { inputs: [x], run: kernel(name, ['x'], attributes), attributes, gradients: differentiable ? [0] : [] };
      }),
    );
}

const maxPoolWithArgmax = fc
  .tuple(size, pair, pair, fc.constantFrom('same', 'valid'), fc.boolean())
  .chain(([extent, filterSize, strides, pad, includeBatchInIndex]) =>
    input(image(extent), { range: [-3, 3], whole: true }).map((x): Instance => {
      const attributes = { filterSize, strides, pad, includeBatchInIndex };
      return { inputs: [x], run: kernel('MaxPoolWithArgmax', ['x'], attributes), attributes };
    }),
  );

const triple = fc.tuple(window, window, window);

/** Cubic windows where a gradient is taken: tfjs-cpu mixes up the sides of others. */
function pool3d(name: 'MaxPool3D' | 'AvgPool3D'): fc.Arbitrary<Instance> {
  return fc.tuple(size, triple, triple, padding, fc.boolean()).chain(([extent, sides, strides, pads, cubic]) => {
    const filterSize = cubic ? [sides[0], sides[0], sides[0]] : sides;
    return input([extent.batch, 4, extent.height, extent.width, extent.channels], { range: [-3, 3], whole: true }).map(
      (x): Instance => {
        const attributes = { filterSize, strides, dataFormat: 'NDHWC', ...pads };
        const differentiable = (cubic || name === 'AvgPool3D') && typeof pads.pad === 'string';
        return { inputs: [x], run: kernel(name, ['x'], attributes), attributes, gradients: differentiable ? [0] : [] };
      },
    );
  });
}

export const poolingCases: CaseTable = {
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AvgPool'),
  MaxPool3D: pool3d('MaxPool3D'),
  AvgPool3D: pool3d('AvgPool3D'),
  MaxPoolWithArgmax: maxPoolWithArgmax,
};

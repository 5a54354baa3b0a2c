// Convolutions of planes and volumes, plain, grouped, depthwise and fused.
import fc from 'fast-check';
import { input, kernel, type CaseTable, type Instance } from './instance.js';
import { activations } from './product-cases.js';

const length = fc.integer({ min: 1, max: 4 });

interface Geometry {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: unknown;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
});
const kernelSize = fc.integer({ min: 1, max: 3 });
const stride = fc.integer({ min: 1, max: 3 });
const explicit = fc
  .tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }))
  .map(([top, bottom, left, right]) => [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);

/** Strides or dilations, and paddings of every kind. */
const geometries: fc.Arbitrary<Geometry> = fc.oneof(
  fc.record({
    strides: fc.tuple(stride, stride),
    dilations: fc.constant<[number, number]>([1, 1]),
    pad: fc.oneof(fc.constantFrom('same', 'valid'), explicit),
  }),
  fc
    .record({
      strides: fc.constant<[number, number]>([1, 1]),
      dilations: fc.tuple(kernelSize, fc.constantFrom(1, 2)),
      pad: fc.constantFrom('same', explicit),
    })
    .map((geometry) => ({ ...geometry, pad: 'same' })),
  fc.record({
    strides: fc.tuple(stride, stride),
    dilations: fc.constant<[number, number]>([1, 1]),
    pad: fc.nat({ max: 2 }),
    dimRoundingMode: fc.constantFrom<('floor' | 'round' | 'ceil')[]>('floor', 'round', 'ceil'),
  }),
);

/** Whether TensorFlow.js has a gradient. */
const plain = ({ dilations, dimRoundingMode = 'floor' }: Geometry) =>
  dimRoundingMode === 'floor' && dilations.every((dilation) => dilation === 1);

/** Explicit paddings of an NHWC image, for NCHW. */
function toChannelsFirst(geometry: Geometry): Geometry {
  const { pad } = geometry;
  return Array.isArray(pad) ? { ...geometry, pad: [pad[0], pad[3], pad[1], pad[2]] as unknown } : geometry;
}

const convolutions = fc
  .record({
    size: sizes,
    geometry: geometries,
    kernelHeight: kernelSize,
    kernelWidth: kernelSize,
    channels: length,
    filters: length,
    nchw: fc.boolean(),
  })
  .map((each) => {
    if (typeof each.geometry.pad !== 'number') return each;
    // TensorFlow.js computes both output lengths from the height's kernel and stride.
    const [side] = each.geometry.strides;
    return {
      ...each,
      kernelWidth: each.kernelHeight,
      geometry: { ...each.geometry, strides: [side, side] as [number, number] },
    };
  });

const conv2d = convolutions.chain(({ size, geometry, kernelHeight, kernelWidth, channels, filters, nchw }) => {
  const spatial = [size.height, size.width];
  const image = nchw ? [size.batch, channels, ...spatial] : [size.batch, ...spatial, channels];
  const attributes = { ...(nchw ? toChannelsFirst(geometry) : geometry), dataFormat: nchw ? 'NCHW' : 'NHWC' };
  return fc
    .tuple(input(image), input([kernelHeight, kernelWidth, channels, filters], { constant: 'sometimes' }))
    .map((inputs): Instance => {
      return {
        inputs,
        run: kernel('Conv2D', ['x', 'filter'], attributes),
        attributes,
        gradients: plain(geometry) ? [0, 1] : [],
      };
    });
});

const depthwise = convolutions.chain(({ size, geometry, kernelHeight, kernelWidth, channels, filters }) => {
  const attributes = { ...geometry, dataFormat: 'NHWC' };
  return fc
    .tuple(
      input([size.batch, size.height, size.width, channels]),
      input([kernelHeight, kernelWidth, channels, filters]),
    )
    .map((inputs): Instance => {
      const run = kernel('DepthwiseConv2dNative', ['x', 'filter'], attributes);
      return { inputs, run, attributes, gradients: plain(geometry) ? [0, 1] : [] };
    });
});

function fused(name: 'FusedConv2D' | 'FusedDepthwiseConv2D'): fc.Arbitrary<Instance> {
  return fc.tuple(convolutions, activations, fc.boolean()).chain(([each, activation, biased]) => {
    const { size, kernelHeight, kernelWidth, channels, filters } = each;
    const outputs = name === 'FusedConv2D' ? filters : filters * channels;
    const names = [
      'x',
      'filter',
      ...(biased ? ['bias'] : []),
      ...(activation === 'prelu' ? ['preluActivationWeights'] : []),
    ];
    const shapesOf = [
      [size.batch, size.height, size.width, channels],
      [kernelHeight, kernelWidth, channels, filters],
      ...names.slice(2).map(() => [outputs]),
    ];
    return fc.tuple(...shapesOf.map((shape) => input(shape))).map((inputs): Instance => {
      const attributes = { ...each.geometry, dataFormat: 'NHWC', activation, leakyreluAlpha: 0.3 };
      return { inputs, run: kernel(name, names, attributes), attributes };
    });
  });
}

const grouped = fc
  .tuple(
    sizes,
    kernelSize,
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 2 }),
    fc.constantFrom('same', 'valid'),
  )
  .chain(([size, taps, groups, strides, perGroup, pad]) =>
    fc
      .tuple(input([size.batch, size.height, size.width, groups * perGroup]), input([taps, taps, perGroup, groups * 2]))
      .map((inputs): Instance => {
        const attributes = { strides: [strides, strides], pad, groups };
        return { inputs, run: kernel('GroupedConv2D', ['x', 'filter'], attributes), attributes, gradients: [0, 1] };
      }),
  );

const conv3d = fc
  .tuple(
    fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 3, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
    fc.constantFrom('same', 'valid'),
    fc.integer({ min: 1, max: 2 }),
  )
  .chain(([volume, taps, strides, pad, batch]) =>
    fc.tuple(input([batch, ...volume, 2]), input([...taps, 2, 3])).map((inputs): Instance => {
      const attributes = { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] };
      return { inputs, run: kernel('Conv3D', ['x', 'filter'], attributes), attributes, gradients: [0, 1] };
    }),
  );

export const convolutionCases: CaseTable = {
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwise,
  FusedConv2D: fused('FusedConv2D'),
  FusedDepthwiseConv2D: fused('FusedDepthwiseConv2D'),
  GroupedConv2D: grouped,
  Conv3D: conv3d,
};

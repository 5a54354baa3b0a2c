import { createHash } from 'node:crypto';
import { copyArray, createRandom, flipView, ShapeError, type LabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { createScene } from '../bench/scene.js';
import { addNoise, drawNoise } from '../src/add-noise.js';
import { composeAffineMatrix, mirrorMatrix } from '../src/compose-affine-matrix.js';
import { cropCenter } from '../src/region.js';
import { extractForeground, scaleIntensity } from '../src/assemble-sample.js';
import { filterMedian } from '../src/filter-median.js';
import {
  adjustStains,
  applyTrainTransform,
  computeHoverMaps,
  createTrainPipeline,
  createValidationPipeline,
  drawTrainParameters,
  noAugmentation,
  prepareSample,
  type TrainParameters,
} from '../src/index.js';
import { jitterColor } from '../src/jitter-color.js';
import { shiftBrightness } from '../src/adjust-levels.js';
import { smoothBinomial } from '../src/smooth-binomial.js';
import { smoothGaussian, truncateToUint8 } from '../src/smooth-gaussian.js';
import { warpNearest } from '../src/warp-fields.js';
import { warpSample } from '../src/warp-sample.js';

const options = { windowSize: 48, outputSize: 32 } as const;
const sample = prepareSample(createScene(96, 12));

const parameters: TrainParameters = {
  affine: { rotation: 0.7, shear: [0.03, -0.02], translatePx: [3.2, -1.7], scale: [0.9, 1.1] },
  flipRows: true,
  flipColumns: false,
  filter: { kind: 'smooth', sigmaRowsPx: 0.7, sigmaColumnsPx: 0.4 },
  jitter: [
    { operation: 'hue', amount: 0.02 },
    { operation: 'contrast', amount: 1.05 },
    { operation: 'brightness', amount: 0.95 },
    { operation: 'saturation', amount: 1.1 },
  ],
};

const matrixOf = ({ affine, flipRows, flipColumns }: TrainParameters) =>
  mirrorMatrix(composeAffineMatrix(affine), { rows: flipRows, columns: flipColumns });

describe('prepareSample', () => {
  it('relabels and passes image and classes on', () => {
    const scene = createScene(40, 3);
    const prepared = prepareSample({ ...scene, instanceMap: flipView(scene.instanceMap, 0) });
    expect(prepared.image).toBe(scene.image);
    expect(Math.max(...prepared.instanceMap.data)).toBeGreaterThan(0);
  });

  it('refuses maps of another size', () => {
    expect(() => prepareSample({ ...sample, typeMap: cropCenter(sample.typeMap, 50) })).toThrow(ShapeError);
  });
});

describe('applyTrainTransform', () => {
  it("equals the bundle's steps one after another", () => {
    const result = applyTrainTransform(sample, parameters, options);
    const matrix = composeAffineMatrix(parameters.affine);
    const image = flipView(cropCenter(warpNearest(sample.image, matrix), 48), 0);
    const instances = flipView(warpNearest(sample.instanceMap, matrix), 0);
    const types = flipView(warpNearest(sample.typeMap, matrix), 0);
    const smooth = truncateToUint8(smoothGaussian(image, { sigmaRowsPx: 0.7, sigmaColumnsPx: 0.4 }));
    const hover = computeHoverMaps(instances as LabelMap);
    expect(result.image.data).toEqual(scaleIntensity(jitterColor(smooth, parameters.jitter)).data);
    expect(result.foreground.data).toEqual(extractForeground(cropCenter(instances as LabelMap, 32)).data);
    expect(result.typeMap.data).toEqual(copyArray(cropCenter(types, 32)).data);
    expect(result.hover.data).toEqual(copyArray(hover.lo(0, 32, 32).hi(2, 32, 32)).data);
  });

  it('gives the same bytes for parameters that went through JSON', () => {
    for (const filter of [{ kind: 'noise', deviation: 0.05, seed: 9 }, { kind: 'median' }, null] as const) {
      const drawn = { ...parameters, filter };
      const once = applyTrainTransform(sample, drawn, options);
      const again = applyTrainTransform(sample, JSON.parse(JSON.stringify(drawn)) as TrainParameters, options);
      expect(again).toEqual(once);
    }
  });

  it('gives each filter another image', () => {
    const filters = [parameters.filter, { kind: 'median' }, { kind: 'noise', deviation: 3, seed: 1 }, null] as const;
    const images = filters.map((filter) => applyTrainTransform(sample, { ...parameters, filter }, options));
    expect(new Set(images.map((result) => result.image.data.join())).size).toBe(4);
  });

  it('changes stains between the filter and the colour steps', () => {
    const stain = { scale: [1.2, 0.8, 1], shift: [0.02, 0, 0] } as const;
    const plain = { ...parameters, filter: null, jitter: [] };
    const stained = applyTrainTransform(sample, { ...plain, stain }, options);
    const window = cropCenter(warpNearest(sample.image, matrixOf(parameters)), 48);
    expect(stained.image.data).toEqual(scaleIntensity(adjustStains(window, stain)).data);
    const { jitter } = parameters;
    const colored = applyTrainTransform(sample, { ...plain, stain, jitter }, options);
    expect(colored.image.data).toEqual(scaleIntensity(jitterColor(adjustStains(window, stain), jitter)).data);
  });

  it('deforms image and targets alike, and HoVer maps follow the deformed nuclei', () => {
    const elastic = { sigmaPx: 6, alphaPx: 2, seed: 3, interpolation: 'bilinear' } as const;
    const plain = { ...parameters, elastic, filter: null, jitter: [] };
    const result = applyTrainTransform(sample, plain, options);
    const warped = warpSample(sample, plain);
    expect(result.image.data).toEqual(scaleIntensity(cropCenter(warped.image, 48)).data);
    expect(result.typeMap.data).toEqual(copyArray(cropCenter(warped.typeMap, 32)).data);
    expect(result.hover.data).toEqual(copyArray(computeHoverMaps(warped.instanceMap).lo(0, 32, 32).hi(2, 32, 32)).data);
    expect(applyTrainTransform(sample, JSON.parse(JSON.stringify(plain)) as TrainParameters, options)).toEqual(result);
  });

  it("applies the original repository's filters and brightness", () => {
    const window = cropCenter(warpNearest(sample.image, matrixOf(parameters)), 48);
    const apply = (change: Partial<TrainParameters>) =>
      applyTrainTransform(sample, { ...parameters, filter: null, jitter: [], ...change }, options).image.data;
    const blur = { rowsPx: 5, columnsPx: 3 } as const;
    expect(apply({ filter: { kind: 'smooth-binomial', ...blur } })).toEqual(
      scaleIntensity(smoothBinomial(window, blur)).data,
    );
    expect(apply({ filter: { kind: 'median', sizePx: 5 } })).toEqual(
      scaleIntensity(filterMedian(window, { sizePx: 5 })).data,
    );
    const noise = drawNoise(createRandom(4), [48, 48, 1], 9);
    expect(apply({ filter: { kind: 'noise', deviation: 9, seed: 4, shared: true } })).toEqual(
      scaleIntensity(truncateToUint8(addNoise(copyArray(window), noise))).data,
    );
    expect(apply({ jitter: [{ operation: 'brightnessShift', amount: -20.5 }] })).toEqual(
      scaleIntensity(shiftBrightness(window, -20.5)).data,
    );
  });

  it('refuses a patch smaller than the window', () => {
    expect(() => applyTrainTransform(sample, parameters)).toThrow(/at least 256×256, got 96×96/);
  });

  it('measures HoVer maps inside the window as hover_net', () => {
    const result = applyTrainTransform(sample, parameters, { ...options, reference: 'hover_net' });
    const matrix = composeAffineMatrix(parameters.affine);
    const window = cropCenter(flipView(warpNearest(sample.instanceMap, matrix), 0), 48) as LabelMap;
    const hover = computeHoverMaps(window, { reference: 'hover_net', choiceSizePx: 32 });
    expect(result.hover.data).toEqual(copyArray(hover.lo(0, 8, 8).hi(2, 32, 32)).data);
  });
});

describe('pipelines', () => {
  it('repeat themselves for the same seed and differ for another', () => {
    const pipeline = createTrainPipeline(options);
    const first = pipeline(sample, createRandom(3));
    expect(pipeline(sample, createRandom(3))).toEqual(first);
    expect(pipeline(sample, createRandom(4)).image.data).not.toEqual(first.image.data);
  });

  it('draw on from one stream', () => {
    const pipeline = createTrainPipeline(options);
    const random = createRandom(3);
    const first = pipeline(sample, random);
    expect(pipeline(sample, random).image.data).not.toEqual(first.image.data);
  });

  it('are what drawing and applying gives', () => {
    const drawn = drawTrainParameters(createRandom(5));
    expect(createTrainPipeline(options)(sample, createRandom(5))).toEqual(applyTrainTransform(sample, drawn, options));
  });

  it('train without augmentation as validate', () => {
    const train = createTrainPipeline({ ...options, augment: noAugmentation });
    const expected = createValidationPipeline(options)(sample);
    expect(train(sample, createRandom(1))).toEqual(expected);
    expect(expected.image.shape).toEqual([3, 48, 48]);
    expect(expected.hover.shape).toEqual([2, 32, 32]);
  });

  it('work in the size of the original network', () => {
    const scene = prepareSample(createScene(540, 30));
    const result = createTrainPipeline({ windowSize: 270, outputSize: 80 })(scene, createRandom(1));
    expect(result.image.shape).toEqual([3, 270, 270]);
    expect(result.typeMap.shape).toEqual([80, 80]);
  });

  it('share no memory with the patch', () => {
    const before = copyArray(sample.typeMap).data;
    const result = createValidationPipeline(options)(sample);
    result.typeMap.data.fill(99);
    expect(sample.typeMap.data).toEqual(before);
  });

  it('refuse an output larger than the window and a patch smaller than it', () => {
    expect(() => createTrainPipeline({ windowSize: 100, outputSize: 101 })).toThrow(/outputSize ≤ windowSize/);
    expect(() => createValidationPipeline()(sample)).toThrow(ShapeError);
  });
});

it('gives these bytes for this seed, on every machine', () => {
  const { image, foreground, hover, typeMap } = createTrainPipeline(options)(sample, createRandom(321));
  const hash = (data: Uint8Array | Float32Array) =>
    createHash('sha256')
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex')
      .slice(0, 16);
  expect([image, foreground, hover, typeMap].map(({ data }) => hash(data))).toMatchInlineSnapshot(`
    [
      "173ebcc32841fb4b",
      "ca479613607d74e2",
      "1d7e6e66c1054593",
      "97a7512e8b77a6a4",
    ]
  `);
});

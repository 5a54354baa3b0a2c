// Every step of the bundle's train, validation, evaluation and inference transforms, through the functions that run them.
import {
  copyArray,
  createLabelMap,
  createRgbImage,
  createTypeMap,
  cropView,
  flipView,
  toChannelFirst,
  type LabelledImage,
  type PixelArray,
  type RgbImage,
} from '@hovernet/core';
import {
  countDifferences,
  hasReference,
  maxDifference,
  readReferenceJson,
  readReferenceNpy,
  readReferenceNpz,
} from '@hovernet/testing';
import ndarray, { type NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import { addNoise } from '../src/add-noise.js';
import { encodeOneHot } from '../src/collate-batch.js';
import { extractForeground, scaleIntensity } from '../src/assemble-sample.js';
import {
  applyTrainTransform,
  collateBatch,
  computeHoverMaps,
  createValidationPipeline,
  cutWindow,
  planWindows,
  prepareSample,
  type TrainParameters,
} from '../src/index.js';
import { centerBox } from '../src/region.js';
import { truncateToUint8 } from '../src/smooth-gaussian.js';

const folder = 'golden/transforms';
const side = 128;
const outputSize = 64;

interface Golden {
  readonly affine: readonly {
    readonly theta: number;
    readonly shear: [number, number];
    readonly translate_row_col: [number, number];
    readonly scale: [number, number];
  }[];
  readonly gaussian_sigma_rows_cols: readonly [number, number][];
  readonly gaussian_cast_fragile_pixels: number;
  readonly color: Record<'brightness' | 'contrast' | 'saturation' | 'hue', [number, number]>;
  readonly jitter_order: readonly ('brightness' | 'contrast' | 'saturation' | 'hue')[];
}

const read = (name: string) => readReferenceNpy(`${folder}/${name}.npy`).data;

/** The middle of a channel-first array. */
function middle<T extends PixelArray>(planes: NdArray<T>): T {
  const [x0, y0, x1, y1] = centerBox(planes.shape.slice(1), outputSize);
  return copyArray(planes.lo(0, y0, x0).hi(planes.shape[0]!, y1 - y0, x1 - x0)).data;
}

const still: TrainParameters = {
  affine: { rotation: 0, shear: [0, 0], translatePx: [0, 0], scale: [1, 1] },
  flipRows: false,
  flipColumns: false,
  filter: null,
  jitter: [],
};

describe.skipIf(!hasReference(folder))('train transforms against the reference, step by step', () => {
  const golden = hasReference(folder) ? readReferenceJson<Golden>(`${folder}/parameters.json`) : (undefined as never);
  const patch = (): LabelledImage => ({
    image: createRgbImage(side, side, read('crop_image_u8') as Uint8Array<ArrayBuffer>),
    instanceMap: createLabelMap(side, side, read('crop_inst') as Int32Array<ArrayBuffer>),
    typeMap: createTypeMap(side, side, read('crop_type') as Uint8Array<ArrayBuffer>),
  });
  const options = { windowSize: side, outputSize, hueRounding: 'truncate255' } as const;
  const apply = (change: Partial<TrainParameters>) => applyTrainTransform(patch(), { ...still, ...change }, options);
  /** What the network reads where the reference's image before the scaling is `name`, `[3, 128, 128]`. */
  const scaled = (name: string) => Float32Array.from(read(name) as Uint8Array, (level) => level / 255);

  it.each([0, 1, 2])('affine map %i: image, foreground, HoVer maps and one-hot types of the warped labels', (index) => {
    const { theta, shear, translate_row_col, scale } = golden.affine[index]!;
    const affine = { rotation: theta, shear, translatePx: translate_row_col, scale };
    const batch = collateBatch([apply({ affine })], { classes: 5 });
    const instances = createLabelMap(side, side, read(`affine${index}_inst`) as Int32Array<ArrayBuffer>);
    const types = createTypeMap(side, side, read(`affine${index}_type`) as Uint8Array<ArrayBuffer>);
    expect(countDifferences(batch.image, scaled(`affine${index}_image`))).toBe(0);
    expect(countDifferences(batch.nc!, middle(oneHot(types.data, 5)))).toBe(0);
    expect(
      countDifferences(
        batch.np,
        middle(
          oneHot(
            instances.data.map((id) => Math.min(id, 1)),
            2,
          ),
        ),
      ),
    ).toBe(0);
    // The maps are equal to the reference's bit for bit: compute-hover-maps.parity.test.ts.
    expect(countDifferences(batch.hv, middle(computeHoverMaps(instances)))).toBe(0);
    expect(batch.hv.some((value) => value !== 0)).toBe(true);
  });

  it.each([
    [true, false],
    [false, true],
    [true, true],
  ])('flips, rows %s and columns %s: all arrays alike', (flipRows, flipColumns) => {
    const flip = <T extends PixelArray>(array: NdArray<T>) => {
      const rows = flipRows ? flipView(array, 0) : array;
      return copyArray(flipColumns ? flipView(rows, 1) : rows);
    };
    const { image, instanceMap, typeMap } = patch();
    const result = apply({ flipRows, flipColumns });
    const box = centerBox([side, side], outputSize);
    expect(countDifferences(result.image.data, scaleIntensity(flip(image)).data)).toBe(0);
    expect(countDifferences(result.typeMap.data, copyArray(cropView(flip(typeMap), box)).data)).toBe(0);
    const foreground = extractForeground(cropView(flip(instanceMap), box));
    expect(countDifferences(result.foreground.data, foreground.data)).toBe(0);
    expect(countDifferences(result.hover.data, middle(computeHoverMaps(flip(instanceMap))))).toBe(0);
  });

  it('Gaussian blur and the cast to uint8: one grey level where the float lies next to an integer', () => {
    const [sigmaRowsPx, sigmaColumnsPx] = golden.gaussian_sigma_rows_cols[0]!;
    const { image } = apply({ filter: { kind: 'smooth', sigmaRowsPx, sigmaColumnsPx } });
    const expected = scaled('gaussian0_cast_u8');
    expect(maxDifference(image.data, expected).value).toBeLessThanOrEqual(Math.fround(1 / 255));
    expect(countDifferences(image.data, expected)).toBeLessThanOrEqual(golden.gaussian_cast_fragile_pixels);
  });

  it('median', () => {
    const { image } = apply({ filter: { kind: 'median' } });
    expect(countDifferences(image.data, scaled('median_r1'))).toBe(0);
  });

  it("noise: the sum and the cast are the reference's, its numbers are not", () => {
    const noise = ndarray(read('noise') as Float32Array, [side, side]);
    const image = scaleIntensity(truncateToUint8(addNoise(patch().image, noise)));
    expect(countDifferences(image.data, scaled('noise_cast_u8'))).toBe(0);
  });

  it('colour jitter in the drawn order', () => {
    const jitter = golden.jitter_order.map((operation) => ({ operation, amount: golden.color[operation][1] }));
    const { image } = apply({ jitter });
    expect(countDifferences(image.data, scaled('jitter_sequence'))).toBe(0);
  });

  it('affine map, flip, median, colour jitter in this order', () => {
    const { theta, shear, translate_row_col, scale } = golden.affine[1]!;
    const affine = { rotation: theta, shear, translatePx: translate_row_col, scale };
    const jitter = [{ operation: 'brightness', amount: 0.9 }] as const;
    const warped = ndarray(read('affine1_image') as Uint8Array, [3, side, side]);
    const image = copyArray(warped.transpose(1, 2, 0)) as RgbImage;
    const rest = { ...still, flipRows: true, filter: { kind: 'median' }, jitter } as const;
    const stepwise = applyTrainTransform({ ...patch(), image }, rest, options);
    const atOnce = apply({ affine, flipRows: true, filter: { kind: 'median' }, jitter });
    expect(countDifferences(atOnce.image.data, stepwise.image.data)).toBe(0);
  });

  it('scaling to 0…1 as evaluation and inference read images, whole or window by window', () => {
    const { image } = patch();
    const expected = ndarray(read('scaled') as Float32Array, [3, side, side]);
    expect(countDifferences(scaleIntensity(image).data, expected.data)).toBe(0);
    const plan = planWindows(side, side, { input: 64, output: 64 });
    const planes = new Float32Array(3 * 64 * 64);
    for (const [index, [row, column]] of [
      [0, 0],
      [0, 64],
      [64, 0],
      [64, 64],
    ].entries()) {
      cutWindow(image, plan, { index, planes, offset: 0 });
      expect(countDifferences(planes, copyArray(expected.lo(0, row, column).hi(3, 64, 64)).data)).toBe(0);
    }
  });
});

/** Planes of 0 and 1, written down apart from the code under test. */
function oneHot(values: ArrayLike<number>, classes: number): NdArray<Float32Array> {
  const planes = new Float32Array(classes * values.length);
  for (let i = 0; i < values.length; i++) planes[values[i]! * values.length + i] = 1;
  return ndarray(planes, [classes, side, side]);
}

const hoverFolder = 'golden/hovermaps';

describe.skipIf(!hasReference(hoverFolder)).each(['train_1', 'test_1'])(
  'validation and evaluation of %s against the reference',
  (tile) => {
    const arrays = hasReference(hoverFolder) ? readReferenceNpz(`${hoverFolder}/${tile}_input.npz`) : {};
    const labels = (name: 'input' | 'relabelled') =>
      createLabelMap(270, 270, arrays[name]!.data as Int32Array<ArrayBuffer>);
    const hover = () => {
      const { data } = readReferenceNpy(`${hoverFolder}/${tile}_monai_hv.npy`);
      return ndarray(data as Float32Array, [2, 270, 270]);
    };
    const image = createRgbImage(
      270,
      270,
      Uint8Array.from({ length: 270 * 270 * 3 }, (_, i) => (i * 31) % 256),
    );
    const typeMap = createTypeMap(
      270,
      270,
      Uint8Array.from({ length: 270 * 270 }, (_, i) => i % 5),
    );

    it.each([
      [256, 164],
      [270, 80],
    ])(
      'relabels, crops %i and %i px from the same centre, scales, and measures on the whole field',
      (windowSize, size) => {
        const prepared = prepareSample({ image, instanceMap: labels('input'), typeMap });
        const sample = createValidationPipeline({ windowSize, outputSize: size })(prepared);
        const [x0, y0, x1, y1] = centerBox([270, 270], size);
        expect([x0, y0]).toEqual([135 - size / 2, 135 - size / 2]);
        const expected = copyArray(
          hover()
            .lo(0, y0, x0)
            .hi(2, y1 - y0, x1 - x0),
        );
        expect(countDifferences(sample.hover.data, expected.data)).toBe(0);
        const ids = copyArray(cropView(labels('relabelled'), [x0, y0, x1, y1])).data;
        expect(
          countDifferences(
            sample.foreground.data,
            ids.map((id) => Math.min(id, 1)),
          ),
        ).toBe(0);
        const types = copyArray(cropView(typeMap, [x0, y0, x1, y1]));
        expect(countDifferences(sample.typeMap.data, types.data)).toBe(0);
        const window = copyArray(cropView(image, centerBox([270, 270], windowSize)));
        const levels = toChannelFirst(window).data;
        expect(
          countDifferences(
            sample.image.data,
            Float32Array.from(levels, (level) => level / 255),
          ),
        ).toBe(0);
      },
    );

    it('evaluates the whole tile with the ids that it has, without crops', () => {
      expect(countDifferences(computeHoverMaps(labels('relabelled')).data, hover().data)).toBe(0);
      const foreground = extractForeground(labels('input'));
      expect(
        countDifferences(
          foreground.data,
          labels('input').data.map((id) => (id > 0 ? 1 : 0)),
        ),
      ).toBe(0);
      expect(encodeOneHot(foreground, 2).data.reduce((sum, value) => sum + value, 0)).toBe(270 * 270);
    });
  },
);

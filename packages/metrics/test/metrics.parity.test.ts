// Every metric against the values that the original's functions gave, on two whole tiles and on perturbed crops.
import { createLabelMap, createTypeMap, type LabelMap, type Point } from '@hovernet/core';
import { hasReference, readReferenceJson, readReferenceNpz, referencePath, type NumpyArray } from '@hovernet/testing';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  averageInstanceScores,
  computeAji,
  computeAjiPlus,
  computeDice,
  computeDice2,
  computeMeanDice,
  computeOverlapTable,
  computePanopticQuality,
  pairCentroids,
  scoreInstances,
  scoreTypes,
  type InstanceScores,
  type TypedImage,
  type TypedNucleus,
} from '../src/index.js';
import { readLabelMat } from './read-label-mat.js';

interface GoldenImage {
  readonly dice: number;
  readonly dice2: number;
  readonly aji: number;
  readonly aji_plus: number;
  readonly dq: number;
  readonly sq: number;
  readonly pq: number;
  readonly pq_pairs: number;
  readonly pq_unpaired_true: number;
  readonly pq_unpaired_pred: number;
  readonly 'pq_iou_0.3': readonly number[];
  readonly pairing_r12: {
    readonly pairs: number;
    readonly unpaired_true: number;
    readonly unpaired_pred: number;
    readonly pair_list?: readonly (readonly number[])[];
    readonly unpaired_true_list?: readonly number[];
    readonly unpaired_pred_list?: readonly number[];
  };
  readonly true_centroid_xy?: readonly Point[];
  readonly true_type?: readonly number[];
  readonly pred_centroid_xy?: readonly Point[];
  readonly pred_type?: readonly number[];
}

interface SmallCase {
  readonly dice: number;
  readonly dice2: number | { readonly exception: string };
  readonly aji: number | { readonly exception: string };
  readonly aji_plus: number;
  readonly dq_sq_pq: readonly number[] | { readonly exception: string };
}

interface PairingExample {
  readonly A: readonly Point[];
  readonly B: readonly Point[];
  readonly radius: number;
  readonly pairs: readonly (readonly number[])[];
  readonly unpaired_A: readonly number[];
  readonly unpaired_B: readonly number[];
}

interface Golden {
  readonly images: Readonly<Record<string, GoldenImage>>;
  readonly instance_mean: readonly number[];
  readonly type_stats: { readonly values: readonly number[] };
  readonly type_stats_non_exhaustive_1234: readonly number[];
  readonly type_stats_ignore_every_5th: { readonly values: readonly number[] };
  readonly small_cases: Readonly<Record<string, SmallCase>>;
  readonly pairing_examples: readonly PairingExample[];
  readonly mean_dice: {
    readonly mean: readonly [readonly number[], number];
    readonly none: readonly (readonly (readonly number[])[])[];
    readonly ignore_empty_false_mean: number;
  };
}

interface TestImage extends TypedImage {
  readonly truthMap: LabelMap;
  readonly predictionMap: LabelMap;
}

const present =
  hasReference('golden/metrics') && hasReference('golden/postprocess') && hasReference('data/CoNSeP/Test');

describe.skipIf(!present)('the metrics of the original', () => {
  let golden: Golden;
  const images = new Map<string, TestImage>();
  const scores = new Map<string, InstanceScores>();

  beforeAll(() => {
    golden = readReferenceJson('golden/metrics/metrics.json');
    const crops = readReferenceNpz('golden/metrics/pred_maps.npz');
    // Images are pooled in the order of their names.
    for (const name of ['test_1', 'test_2_crop', 'test_5', 'test_6_crop']) {
      const image = name.endsWith('crop') ? readCrop(crops, name, golden.images[name]!) : readTile(name);
      images.set(name, image);
      scores.set(name, scoreInstances(image.truthMap, image.predictionMap));
    }
  });

  it.each(['test_1', 'test_5', 'test_2_crop', 'test_6_crop'])('are met on %s', (name) => {
    const expected = golden.images[name]!;
    const actual = scores.get(name)!;
    expectClose(
      [actual.dice, actual.dice2, actual.aji, actual.ajiPlus, actual.dq, actual.sq, actual.pq],
      [expected.dice, expected.dice2, expected.aji, expected.aji_plus, expected.dq, expected.sq, expected.pq],
    );
    expect(actual.pairs).toHaveLength(expected.pq_pairs);
    expect(actual.unpairedTruths).toHaveLength(expected.pq_unpaired_true);
    expect(actual.unpairedPredictions).toHaveLength(expected.pq_unpaired_pred);
    const { truthMap, predictionMap } = images.get(name)!;
    const loose = computePanopticQuality(computeOverlapTable(truthMap, predictionMap), { matchIou: 0.3 });
    expectClose([loose.dq, loose.sq, loose.pq], expected['pq_iou_0.3']);
  });

  it('are met in the mean over images', () => {
    const mean = averageInstanceScores([...scores.values()]);
    expectClose([mean.dice, mean.aji, mean.dq, mean.sq, mean.pq, mean.ajiPlus], golden.instance_mean);
  });

  it.each(['test_1', 'test_5', 'test_2_crop', 'test_6_crop'])('pair the centroids of %s', (name) => {
    const { truth, prediction } = images.get(name)!;
    const expected = golden.images[name]!.pairing_r12;
    const pairing = pairCentroids(truth.map(centroidOf), prediction.map(centroidOf), { radiusPx: 12 });
    expect(pairing.pairs).toHaveLength(expected.pairs);
    expect(pairing.unpairedTruths).toHaveLength(expected.unpaired_true);
    expect(pairing.unpairedPredictions).toHaveLength(expected.unpaired_pred);
    if (!expected.pair_list) return;
    expect(pairing.pairs.map((pair) => [pair.truth, pair.prediction])).toEqual(expected.pair_list);
    expect(pairing.unpairedTruths).toEqual(expected.unpaired_true_list);
    expect(pairing.unpairedPredictions).toEqual(expected.unpaired_pred_list);
  });

  it('pair the points of every example', () => {
    for (const { A, B, radius, pairs, unpaired_A, unpaired_B } of golden.pairing_examples) {
      const pairing = pairCentroids(A, B, { radiusPx: radius });
      expect(pairing.pairs.map((pair) => [pair.truth, pair.prediction])).toEqual(pairs);
      expect(pairing.unpairedTruths).toEqual(unpaired_A);
      expect(pairing.unpairedPredictions).toEqual(unpaired_B);
    }
  });

  it('give the type scores of the pooled images', () => {
    const pooled = [...images.values()];
    expectClose(listTypeScores(pooled), golden.type_stats.values);
    expectClose(listTypeScores(pooled), golden.type_stats_non_exhaustive_1234);
  });

  it('give the type scores with every fifth true type unannotated', () => {
    const pooled = [...images.values()].map(({ truth, prediction }) => ({
      truth: truth.map((nucleus, index) => (index % 5 === 0 ? { ...nucleus, type: -1 } : nucleus)),
      prediction,
    }));
    expectClose(listTypeScores(pooled), golden.type_stats_ignore_every_5th.values);
  });

  it('are met on random maps, and defined where the original raises', () => {
    const arrays = readReferenceNpz('golden/metrics/small_cases.npz');
    for (const [name, expected] of Object.entries(golden.small_cases)) {
      const table = computeOverlapTable(toLabelMap(arrays[`${name}_true`]!), toLabelMap(arrays[`${name}_pred`]!));
      const { dq, sq, pq } = computePanopticQuality(table);
      if (name === 'no_background') {
        expect([dq, sq, pq].every(Number.isFinite)).toBe(true);
        continue;
      }
      const whereRaised = name === 'both_empty' ? NaN : 0;
      const orElse = (value: number | { exception: string }) => (typeof value === 'number' ? value : whereRaised);
      expectClose(
        [computeDice(table), computeDice2(table), computeAji(table), computeAjiPlus(table), dq, sq, pq],
        [
          expected.dice,
          orElse(expected.dice2),
          orElse(expected.aji),
          expected.aji_plus,
          ...('exception' in expected.dq_sq_pq ? [NaN, NaN, NaN] : expected.dq_sq_pq),
        ],
      );
    }
  });
});

describe.skipIf(!present)('the mean Dice of MONAI', () => {
  it('is met to float32 precision', () => {
    const { mean_dice: expected } = readReferenceJson<Golden>('golden/metrics/metrics.json');
    const { y, y_pred } = readReferenceNpz('golden/metrics/mean_dice_inputs.npz');
    const patches = [0, 1, 2, 3].map((sample) => ({
      truth: cutMask(y!, sample),
      prediction: cutMask(y_pred!, sample),
    }));
    const perPatch = patches.map((patch) => computeMeanDice([patch]));
    expectClose([computeMeanDice(patches)], expected.mean[0], 1e-7);
    expectClose(
      perPatch,
      expected.none[0]!.map(([value]) => value!),
      1e-7,
    );
    expectClose([computeMeanDice(patches, { emptyTruth: 'score' })], [expected.ignore_empty_false_mean], 1e-7);
  });
});

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    if (Number.isNaN(expected[index])) expect(value).toBeNaN();
    else expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(tolerance);
  });
}

function listTypeScores(pooled: readonly TypedImage[]): number[] {
  const { f1d, accuracy, f1 } = scoreTypes(pooled, { types: [1, 2, 3, 4] });
  return [f1d, accuracy, f1[1]!, f1[2]!, f1[3]!, f1[4]!];
}

function centroidOf(nucleus: TypedNucleus): Point {
  return nucleus.centroid;
}

function toLabelMap({ data, shape }: NumpyArray): LabelMap {
  return createLabelMap(shape[0]!, shape[1]!, data as Int32Array<ArrayBuffer>);
}

function cutMask({ data }: NumpyArray, sample: number) {
  return createTypeMap(32, 32, (data as Uint8Array<ArrayBuffer>).slice(sample * 1024, (sample + 1) * 1024));
}

/** The original keeps centroids as float32. */
function toNuclei(centroids: readonly Point[], types: readonly number[]): TypedNucleus[] {
  return centroids.map(([x, y], index) => ({ centroid: [Math.fround(x), Math.fround(y)], type: types[index]! }));
}

function readCrop(arrays: Record<string, NumpyArray>, name: string, image: GoldenImage): TestImage {
  return {
    truthMap: toLabelMap(arrays[`${name}_true`]!),
    predictionMap: toLabelMap(arrays[`${name}_pred`]!),
    truth: toNuclei(image.true_centroid_xy!, image.true_type!),
    prediction: toNuclei(image.pred_centroid_xy!, image.pred_type!),
  };
}

function readTile(name: string): TestImage {
  const labels = readLabelMat(readFileSync(referencePath(`data/CoNSeP/Test/Labels/${name}.mat`)));
  const { inst_map: map, inst_type: types, inst_centroid: centroids } = labels;
  const truthMap = createLabelMap(map!.rows, map!.columns);
  map!.values.forEach((id, index) => truthMap.set(index % map!.rows, Math.floor(index / map!.rows), id));
  const points = types!.values.map((_, i): Point => [centroids!.values[i]!, centroids!.values[centroids!.rows + i]!]);

  const maps = readReferenceNpz(`golden/postprocess/${name}_maps.npz`);
  const records = readReferenceJson<{ centroid_xy: Point; type: number }[]>(
    `golden/postprocess/${name}_original_info.json`,
  );
  return {
    truthMap,
    predictionMap: toLabelMap(maps['original_instance_map']!),
    truth: toNuclei(points, types!.values.map(mergeType)),
    prediction: toNuclei(
      records.map((record) => record.centroid_xy),
      records.map((record) => record.type),
    ),
  };
}

/** CoNSeP's seven types as the network's four. */
function mergeType(type: number): number {
  return [0, 1, 2, 3, 3, 4, 4, 4][type]!;
}

import { createLabelMap, createTypeMap, type LabelledImage, type Segmentation } from '@hovernet/core';
import { computeMeanDice, scoreTypedInstances, scoreTypes } from '@hovernet/metrics';
import { describe, expect, it } from 'vitest';
import { createEvaluationDocument, scoreTile, type ScoredTile } from '@hovernet/training/evaluation';
import { listMetrics } from '@hovernet/training/internal';
import { formatEvaluation } from '../../src/evaluation/format-evaluation.js';
import { drawTile, findNuclei } from './sure-segmenter.js';

const whole = drawTile('11...22', '11...22', '.......', '33.44..');
const partly = drawTile('11...22', '11.....', '.......', '.......');
const empty = drawTile('.......', '.......', '.......', '.......');

function score(name: string, truth: LabelledImage, found: Segmentation): ScoredTile {
  return scoreTile(name, truth, found).scored;
}

const tiles = [score('a', whole, findNuclei(whole)), score('b', whole, findNuclei(partly))];

describe('createEvaluationDocument', () => {
  it('keeps the keys that scripts rely on', () => {
    const { images, mean, type } = createEvaluationDocument(tiles);
    const metrics = ['dice', 'aji', 'aji_plus', 'dq', 'sq', 'pq'];
    expect(images.map((image) => Object.keys(image))).toEqual([
      ['name', ...metrics],
      ['name', ...metrics],
    ]);
    expect(Object.keys(mean)).toEqual(metrics);
    expect(Object.keys(type!)).toEqual(['f1d', 'acc', 'f1']);
    expect(Object.keys(type!.f1)).toEqual(['1', '2', '3', '4']);
  });

  it('holds the scores of the metrics package, of each tile and of all', () => {
    const { images, mean, type, detection, panoptic, r2 } = createEvaluationDocument(tiles);
    expect(images.map(({ name, dice, dq }) => [name, dice, dq])).toEqual([
      ['a', 1, 1],
      ['b', (2 * 6) / (12 + 6), 2 / 6],
    ]);
    expect(mean.dq).toBeCloseTo((1 + 1 / 3) / 2, 12);
    const { f1d, accuracy, f1 } = scoreTypes(tiles.map(({ nuclei }) => nuclei));
    expect(type).toEqual({ f1d, acc: accuracy, f1 });
    expect(detection).toEqual({ f1d, precision: 1, recall: 6 / 8 });
    const qualities = scoreTypedInstances(tiles.map(({ tally }) => tally!));
    expect(panoptic).toMatchObject({ bpq: mean.pq, mpq: qualities.mpq, mpq_plus: qualities.mpqPlus });
    expect(panoptic!.types).toEqual(qualities.types);
    expect(r2.types).toEqual({ 1: NaN, 2: NaN, 3: NaN, 4: NaN });
  });

  it('has the Dice of the bundle: tiles without annotated nuclei are left out, whatever was found there', () => {
    const invented = score('c', empty, findNuclei(partly));
    const { val_mean_dice, mean, interval_95 } = createEvaluationDocument([...tiles, invented]);
    const masks = [whole, partly].map((found) => ({ truth: whole.instanceMap, prediction: found.instanceMap }));
    expect(val_mean_dice).toBe(computeMeanDice(masks));
    expect(mean.dice).toBeCloseTo((2 / 3) * val_mean_dice, 12);
    expect(interval_95.val_mean_dice).toEqual([2 / 3, 1]);
  });

  it('draws intervals over tiles from the seed', () => {
    const three = [...tiles, score('c', whole, findNuclei(drawTile('11.....', '11.....', '.......', '33.44..')))];
    const options = { seed: 5, resamples: 50 };
    const { interval_95, panoptic, mean, val_mean_dice } = createEvaluationDocument(three, options);
    expect(createEvaluationDocument(three, options)).toEqual(createEvaluationDocument(three, options));
    const few = (seed: number) => createEvaluationDocument(three, { seed, resamples: 3 }).interval_95;
    expect(few(6)).not.toEqual(few(7));
    expect(Object.keys(interval_95)).toEqual(['val_mean_dice', 'mean', 'detection', 'type']);
    expect(Object.keys(interval_95.mean)).toEqual(Object.keys(mean));
    const within = ([low, high]: readonly [number, number], value: number) => low < value && value < high;
    expect(within(interval_95.val_mean_dice, val_mean_dice)).toBe(true);
    expect(within(interval_95.mean.pq, mean.pq)).toBe(true);
    expect(within(panoptic!.interval_95.mpq, panoptic!.mpq)).toBe(true);
    expect(interval_95.type!.f1d).toEqual(interval_95.detection.f1d);
  });

  it('finds nuclei without a type branch, but has no types', () => {
    const untyped = [score('a', whole, findNuclei(whole, false)), score('b', whole, findNuclei(partly, false))];
    const document = createEvaluationDocument(untyped);
    expect([document.type, document.panoptic, document.interval_95.type]).toEqual([null, null, null]);
    expect(document.detection.f1d).toBe((2 * 6) / (2 * 6 + 2));
    expect(document.mean).toEqual(createEvaluationDocument(tiles).mean);
    expect(formatEvaluation(document, [])).not.toMatch('mPQ');
    expect(Object.keys(listMetrics(document))).not.toContain('val_acc');
  });

  it('is null in JSON where there is nothing to score', () => {
    const document = createEvaluationDocument([score('a', empty, findNuclei(empty))]);
    const { images, val_mean_dice, type, panoptic } = JSON.parse(JSON.stringify(document)) as typeof document;
    expect([images[0]!.dice, val_mean_dice, type!.f1d, panoptic!.mpq]).toEqual([null, null, null, null]);
  });
});

describe('listMetrics', () => {
  it('begins with the metric of the bundle', () => {
    expect(Object.keys(listMetrics(createEvaluationDocument(tiles)))).toEqual([
      'val_mean_dice',
      ...['dice', 'aji', 'aji_plus', 'dq', 'sq', 'pq', 'f1d', 'r2', 'acc'].map((name) => `val_${name}`),
      ...['f1_1', 'f1_2', 'f1_3', 'f1_4', 'bpq', 'mpq', 'mpq_plus', 'r2_types'].map((name) => `val_${name}`),
    ]);
  });
});

describe('formatEvaluation', () => {
  it('shows tiles, what all of them give, and classes under their names', () => {
    const classes = [
      { id: 1, name: 'inflammatory' },
      { id: 2, name: 'epithelial' },
    ];
    const text = formatEvaluation(createEvaluationDocument(tiles), classes);
    const [instances, overall, perClass] = text.split('\n\n').map((table) => table.split('\n'));
    expect(instances!.map((line) => line.split(/ {2,}/)[0])).toEqual([
      'tile',
      '─────────',
      'a',
      'b',
      'mean',
      '95 % from',
      '95 % to',
    ]);
    expect(overall!.map((line) => line.split(/ {2,}/)[0])).toEqual([
      'all tiles',
      '───────────────────────────',
      'binary Dice (val_mean_dice)',
      'bPQ',
      'mPQ',
      'mPQ+',
      'F1d',
      'accuracy of types',
      'R² of counts',
    ]);
    expect(perClass![0]).toBe('class             F1  95 % from  95 % to      DQ      SQ      PQ  R² of counts');
    expect(perClass!.slice(2).map((line) => line.split(/ {2,}/)[0])).toEqual([
      'inflammatory',
      'epithelial',
      'type 3',
      'type 4',
    ]);
  });

  it('gives no interval for one tile', () => {
    expect(formatEvaluation(createEvaluationDocument(tiles.slice(0, 1)), [])).not.toMatch(/^95 %/m);
  });
});

it('scores labels of any size, and refuses maps of different sizes', () => {
  const truth = {
    ...whole,
    instanceMap: createLabelMap(
      4,
      7,
      whole.instanceMap.data.map((id) => id * 500_000_000),
    ),
  };
  expect(score('a', truth, findNuclei(whole)).metrics.dq).toBe(1);
  const other = { ...findNuclei(partly), instanceMap: createLabelMap(3, 7), typeMap: createTypeMap(3, 7) };
  expect(() => score('a', whole, other)).toThrow('expected');
});

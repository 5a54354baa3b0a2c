// Evaluation against what the references computed: windows of the bundle's inferer, post-processing, scores of the original.
import {
  createLabelMap,
  createNucleusTable,
  createRgbImage,
  createSilentReporter,
  createTypeMap,
  type LabelledImage,
  type LabelMap,
} from '@hovernet/core';
import type { NumericArray } from '@hovernet/files';
import { readMat } from '@hovernet/files/node';
import { createFolderScratch, createSegmenter, openProgramNetwork } from '@hovernet/inference/internal';
import { computeMaskDice } from '@hovernet/metrics';
import { outputSize, resolveConfig } from '@hovernet/model';
import type { Engine } from '@hovernet/ops';
import { segmentNuclei } from '@hovernet/postprocess';
import { countDifferences, hasReference, readReferenceJson, readReferenceNpz, referencePath } from '@hovernet/testing';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createLabelledMaps } from '@hovernet/transforms/internal';
import { createEvaluationDocument, evaluateTiles } from '@hovernet/training/evaluation';
import { answerWith, createTiles, drawTile, findNuclei } from './sure-segmenter.js';

const context = { signal: new AbortController().signal, reporter: createSilentReporter() };

function toLabelMap({ shape, data }: Pick<NumericArray, 'shape' | 'data'>): LabelMap {
  return createLabelMap(shape[0]!, shape[1]!, Int32Array.from(data as Int32Array));
}

function toTile(instanceMap: LabelMap, types?: Uint8Array<ArrayBuffer>): LabelledImage {
  const [height, width] = instanceMap.shape as [number, number];
  return { image: createRgbImage(height, width), instanceMap, typeMap: createTypeMap(height, width, types) };
}

async function readCoNSeP(name: string): Promise<LabelledImage> {
  const labels = await readMat(referencePath(`data/CoNSeP/Test/Labels/${name}.mat`));
  const merged = [0, 1, 2, 3, 3, 4, 4, 4];
  const types = labels.get('type_map') as NumericArray;
  const classes = Uint8Array.from(types.data as Uint8Array, (type) => merged[type]!);
  return toTile(toLabelMap(labels.get('inst_map') as NumericArray), classes);
}

interface GoldenPlan {
  readonly image: [number, number];
  readonly roi: number;
  readonly out: number;
  readonly batches_of_16: readonly number[];
  readonly window_index_average: { sum_float64: number; corner_values: number[]; row_mid: [number, number][] };
}

describe.skipIf(!hasReference('golden/window'))('the windows of an evaluated tile', () => {
  const plans = hasReference('golden/window')
    ? readReferenceJson<Record<string, GoldenPlan>>('golden/window/windows.json')
    : {};

  it.each(Object.entries(plans))('are cut, batched and averaged as those of the bundle: %s', async (name, plan) => {
    const network = resolveConfig({ preset: 'base', mode: name.startsWith('fast') ? 'fast' : 'original' });
    expect(outputSize(network, plan.roi)).toBe(plan.out);
    const batches: number[] = [];
    const opened = await openProgramNetwork(createCountingEngine(plan.out, batches), {
      config: network,
      classes: [],
      mpp: null,
      state: new Map(),
    });
    const [height, width] = plan.image;
    let np: Float32Array | undefined;
    const segmenter = createSegmenter<never>(
      {
        network: opened,
        weights: { name: 'counting', sha256: null },
        finder: {
          segmentTable: (rawMaps) => {
            np = rawMaps.np.data;
            return Promise.resolve({ instanceMap: createLabelMap(height, width), table: createNucleusTable([]) });
          },
        },
        scratch: createFolderScratch(tmpdir()),
        openImage: () => Promise.reject(new Error('tiles are in memory')),
        dispose: () => opened.dispose(),
      },
      { windowPx: plan.roi, batchSize: 16, cellPx: null },
    );
    await evaluateTiles(createTiles({ a: toTile(createLabelMap(height, width)) }), { segmenter }, context);
    await segmenter.close();
    const at = (y: number, x: number) => np![y * width + x];
    const { sum_float64, corner_values, row_mid } = plan.window_index_average;
    const sum = np!.subarray(0, height * width).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(sum_float64, 1);
    expect([at(0, 0), at(0, width - 1), at(height - 1, 0), at(height - 1, width - 1)]).toEqual(corner_values);
    for (const [x, value] of row_mid) expect(at(Math.floor(height / 2), x)).toBe(value);
    // A last batch that is not full is filled up.
    expect(batches).toHaveLength(plan.batches_of_16.length);
  });
});

/** Every output of a window is its number. */
function createCountingEngine(outputPx: number, batches: number[]): Engine {
  return {
    name: 'counting',
    compile: (program) => {
      const batchSize = program.inputs.find(({ name }) => name === 'image')!.shape[0]!;
      let next = 0;
      const run = () => {
        batches.push(batchSize);
        const first = next;
        next += batchSize;
        const count = (channels: number) => {
          const data = new Float32Array(batchSize * channels * outputPx ** 2);
          for (let i = 0; i < batchSize; i++)
            data.fill(first + i, i * (data.length / batchSize), (i + 1) * (data.length / batchSize));
          return { data, shape: [batchSize, channels, outputPx, outputPx] };
        };
        return Promise.resolve({ np: count(2), hv: count(2), nc: count(5) });
      };
      return Promise.resolve({ inputs: program.inputs, outputs: undefined, run, dispose: () => Promise.resolve() });
    },
  };
}

describe.skipIf(!hasReference('golden/postprocess') || !hasReference('data/CoNSeP/Test'))('the bundle’s figure', () => {
  it('is that of the instances that its evaluation finds, with its marker threshold', async () => {
    const tile = await readCoNSeP('test_1');
    const maps = createLabelledMaps(tile);
    const { scored } = await evaluateTiles(
      createTiles({ test_1: tile }),
      {
        segmenter: {
          segment: () => {
            const found = segmentNuclei(maps, { markerThreshold: 0.5, keepReferenceIds: true });
            expect(countDifferences(found.instanceMap.data, golden.data)).toBe(0);
            return Promise.resolve(answerWith(found));
          },
        },
      },
      context,
    );
    const dice = computeMaskDice({ truth: tile.instanceMap, prediction: golden });
    expect(createEvaluationDocument(scored).val_mean_dice).toBe(dice);
    expect(dice).toBeGreaterThan(0.9);
  });

  const golden = hasReference('golden/postprocess')
    ? toLabelMap(readReferenceNpz('golden/postprocess/test_1_monai_thr05.npz')['monai_instance_map']!)
    : drawTile('.').instanceMap;
});

describe.skipIf(!hasReference('golden/metrics') || !hasReference('data/CoNSeP/Test'))(
  'the scores of the original',
  () => {
    interface Golden {
      readonly images: Readonly<Record<string, Readonly<Record<string, number>>>>;
      readonly instance_mean: readonly number[];
    }

    it('are met on whole tiles and crops, and in the mean', async () => {
      const golden = readReferenceJson<Golden>('golden/metrics/metrics.json');
      const crops = readReferenceNpz('golden/metrics/pred_maps.npz');
      const tiles: Record<string, LabelledImage> = {};
      const found: LabelMap[] = [];
      for (const name of ['test_1', 'test_2_crop', 'test_5', 'test_6_crop']) {
        if (name.endsWith('crop')) {
          tiles[name] = toTile(toLabelMap(crops[`${name}_true`]!));
          found.push(toLabelMap(crops[`${name}_pred`]!));
        } else {
          tiles[name] = await readCoNSeP(name);
          const maps = readReferenceNpz(`golden/postprocess/${name}_maps.npz`);
          found.push(toLabelMap(maps['original_instance_map']!));
        }
      }
      const segment = () => Promise.resolve(answerWith(findNuclei(toTile(found.shift()!), false)));
      const { scored } = await evaluateTiles(createTiles(tiles), { segmenter: { segment } }, context);
      const { images, mean } = createEvaluationDocument(scored, { resamples: 1 });
      for (const { name, ...scores } of images) {
        for (const [metric, value] of Object.entries(scores))
          expect(value, `${metric} of ${name}`).toBeCloseTo(golden.images[name]![metric]!, 9);
      }
      const { dice, aji, dq, sq, pq, aji_plus } = mean;
      [dice, aji, dq, sq, pq, aji_plus].forEach((value, i) => expect(value).toBeCloseTo(golden.instance_mean[i]!, 9));
    });
  },
);

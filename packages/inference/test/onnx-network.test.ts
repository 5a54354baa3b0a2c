// Models whose sizes are free, and models that run one size alone.
import { createNucleusTable, createRgbImage } from '@hovernet/core';
import { resolveConfig } from '@hovernet/model/architecture';
import { describe, expect, it } from 'vitest';
import { createOnnxNetwork, type RunningModel } from '../src/network/onnx-network.js';
import { slideGrid } from '../src/plan-image.js';
import { memoryScratch } from '../src/scratch/scratch.js';
import { createSegmenter } from '../src/segmenter.js';
import { segmentNuclei } from '@hovernet/postprocess';

const config = resolveConfig({ preset: 'lite', outClasses: 3 });

/** A model with inputs of `shape` that finds nothing; `shapes` lists what it was run on. */
function createModel(shape: readonly (number | string)[]): RunningModel & { readonly shapes: (readonly number[])[] } {
  const shapes: (readonly number[])[] = [];
  return {
    shapes,
    inputs: [{ name: 'image', shape }],
    run: ({ image }) => {
      shapes.push(image!.shape);
      const [batch, , height, width] = image!.shape as [number, number, number, number];
      const say = (channels: number) => ({
        data: new Float32Array(batch * channels * height * width),
        shape: [batch, channels, height, width],
      });
      return Promise.resolve({ np: say(2), hv: say(2), nc: say(3) });
    },
    dispose: () => Promise.resolve(),
  };
}

function openOver(model: RunningModel) {
  return createSegmenter<never>(
    {
      network: createOnnxNetwork(model, { config, classes: [], mpp: null }),
      weights: { name: 'model', sha256: null },
      finder: {
        segmentTable: (rawMaps, options) => {
          const { nuclei, instanceMap } = segmentNuclei(rawMaps, options);
          return Promise.resolve({ instanceMap, table: createNucleusTable(nuclei, { isTyped: true }) });
        },
      },
      scratch: memoryScratch,
      openImage: () => Promise.reject(new Error('not asked')),
      dispose: () => Promise.resolve(),
    },
    { batchSize: 4 },
  );
}

describe('a model of free sizes', () => {
  it('runs an image in one window where that is cheapest, and windows in batches', async () => {
    const model = createModel(['batch', 3, 'height', 'width']);
    await openOver(model).segment(createRgbImage(300, 310));
    expect(model.shapes).toEqual([[1, 3, 320, 320]]);
    await openOver(model).segment(createRgbImage(1500, 1500));
    expect(model.shapes.at(-1)![0]).toBe(4);
  });
});

describe('a model of one size', () => {
  it('runs windows of its size alone, one at a time', async () => {
    const model = createModel([1, 3, 256, 256]);
    const { instanceMap } = await openOver(model).segment(createRgbImage(300, 310));
    expect(instanceMap.shape).toEqual([300, 310]);
    expect(new Set(model.shapes.map(String))).toEqual(new Set(['1,3,256,256']));
    await openOver(model).segmentSlide(createRgbImage(300, 310), { sinks: [] });
    expect(new Set(model.shapes.map(String))).toEqual(new Set(['1,3,256,256']));
    expect(slideGrid(config, 256)).toMatchObject({ windowPx: 256, keepPx: 192 });
    expect(slideGrid(config)).toMatchObject({ windowPx: 1024, keepPx: 768 });
  });
});

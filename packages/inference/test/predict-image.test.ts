// Raw maps of whole images: a traced network, windows and one cell.
import { createRandom, createRgbImage, HovernetError, type RawMaps, type RgbImage } from '@hovernet/core';
import { initializeWeights, outputSize, resolveConfig } from '@hovernet/model';
import { createOnnxEngine } from '@hovernet/onnx/node';
import type { Engine, HostArray } from '@hovernet/ops';
import { beforeEach, describe, expect, it } from 'vitest';
import { predictCells, type PredictCellsOptions } from '../src/cells/predict-cells.js';
import { createProgramNetwork, type ProgramWeights } from '../src/network/program-network.js';
import { planImage } from '../src/plan-image.js';
import { memoryScratch } from '../src/scratch/scratch.js';
import { createMemorySource } from '../src/sources/memory-source.js';

const windowPx = 64;
const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
const outputPx = outputSize(config, windowPx);
const weights = openWeights(config);

let compiled = 0;
let disposed = 0;
let computed: number[] = [];
beforeEach(() => {
  compiled = disposed = 0;
  computed = [];
});

/** An engine whose network says what it sees: np = red, green; hv = blue, red; nc = green, blue, red. */
const mirrorEngine: Engine = {
  name: 'mirror',
  compile: (program, { constants } = {}) => {
    compiled++;
    const inputs = program.inputs.filter(({ name }) => !constants?.has(name));
    const batchSize = inputs[0]!.shape[0]!;
    const executable = {
      inputs,
      outputs: undefined,
      run: ({ image }: Readonly<Record<string, Float32Array | Int32Array>>) => {
        computed.push(batchSize);
        const say = (channels: readonly number[]) => cropChannels(image as Float32Array, batchSize, channels);
        return Promise.resolve({ np: say([0, 1]), hv: say([2, 0]), nc: say([1, 2, 0]) });
      },
      dispose: () => Promise.resolve(void disposed++),
    };
    return Promise.resolve(executable);
  },
};

/** The centres of planes of `[batch, 3, window, window]`. */
function cropChannels(image: Float32Array, batchSize: number, channels: readonly number[]): HostArray {
  const margin = (windowPx - outputPx) / 2;
  const shape = [batchSize, channels.length, outputPx, outputPx];
  const data = new Float32Array(batchSize * channels.length * outputPx ** 2);
  let to = 0;
  for (let index = 0; index < batchSize; index++)
    for (const channel of channels)
      for (let y = 0; y < outputPx; y++)
        for (let x = 0; x < outputPx; x++)
          data[to++] = image[((index * 3 + channel) * windowPx + y + margin) * windowPx + x + margin]!;
  return { data, shape };
}

/** Planes of 1 in the centre and 9 around it. */
function markCentres(channels: number, { whole, centre }: { readonly whole: number; readonly centre: number }) {
  const margin = (whole - centre) / 2;
  const isInside = (at: number) => at >= margin && at < whole - margin;
  return Float32Array.from({ length: channels * whole ** 2 }, (_, at) =>
    isInside(at % whole) && isInside(Math.floor(at / whole) % whole) ? 1 : 9,
  );
}

function createImage(height: number, width: number): RgbImage {
  const random = createRandom(height * 1000 + width);
  return createRgbImage(
    height,
    width,
    Uint8Array.from({ length: height * width * 3 }, () => random.integer(256)),
  );
}

/** Planes of `image` in 0…1. */
function planesOf(image: RgbImage, channels: readonly number[]): number[] {
  const area = image.shape[0]! * image.shape[1]!;
  return channels.flatMap((channel) =>
    Array.from({ length: area }, (_, at) => Math.fround(image.data[3 * at + channel]! / 255)),
  );
}

function openWeights(architecture: typeof config): ProgramWeights {
  return { config: architecture, classes: [], mpp: null, state: initializeWeights(architecture, createRandom(1)) };
}

interface PredictorOptions extends Partial<Pick<PredictCellsOptions, 'batchSize' | 'padding'>> {
  readonly windowPx?: number;
  readonly weights?: ProgramWeights;
}

/** Predicts images whole, as one cell. */
function open(options: PredictorOptions = {}, engine = mirrorEngine) {
  const { windowPx: sidePx = windowPx, batchSize = 3, padding = 'zero', weights: opened = weights } = options;
  const network = createProgramNetwork(engine, opened);
  return {
    async predict(
      image: RgbImage,
      asked: Partial<Pick<PredictCellsOptions, 'signal' | 'onWindows'>> = {},
    ): Promise<RawMaps> {
      const source = createMemorySource(image);
      const { windows, cells } = planImage(opened.config, source, { windowPx: sidePx, cellPx: null });
      const predicted: RawMaps[] = [];
      const cut = { source, windows, cells };
      for await (const { rawMaps } of predictCells(network, cut, {
        batchSize,
        padding,
        scratch: memoryScratch,
        ...asked,
      }))
        predicted.push(rawMaps);
      expect(predicted).toHaveLength(1);
      return predicted[0]!;
    },
    dispose: () => network.dispose(),
  };
}

describe('a network that says what it sees', () => {
  it.each([
    [1, 1],
    [5, 3],
    [outputPx - 1, outputPx],
    [outputPx, outputPx + 1],
    [windowPx, windowPx],
    [3 * outputPx + 5, 2 * outputPx + 1],
  ])('gives back an image of %i × %i', async (height, width) => {
    const image = createImage(height, width);
    for (const padding of ['zero', 'mirror'] as const) {
      const predictor = open({ padding });
      const { np, hv, nc } = await predictor.predict(image);
      expect([np.shape, hv.shape, nc!.shape]).toEqual([2, 2, 3].map((channels) => [channels, height, width]));
      expect([...np.data]).toEqual(planesOf(image, [0, 1]));
      expect([...hv.data]).toEqual(planesOf(image, [2, 0]));
      expect([...nc!.data]).toEqual(planesOf(image, [1, 2, 0]));
      await predictor.dispose();
    }
  });

  it('shows no seams of padded windows: each gives its centre alone', async () => {
    const padded = resolveConfig({ preset: 'lite', width: 0.25, outClasses: 3 });
    const seen = { whole: 128, centre: 64 };
    const compile: Engine['compile'] = async (program, options) => {
      const executable = await mirrorEngine.compile(program, options);
      const run: typeof executable.run = ({ image }) => {
        const say = (channels: number): HostArray => ({
          data: markCentres(channels, seen),
          shape: [1, channels, seen.whole, seen.whole],
        });
        expect(image!.length).toBe(3 * seen.whole ** 2);
        return Promise.resolve({ np: say(2), hv: say(2), nc: say(3) });
      };
      return { ...executable, run };
    };
    const options = { windowPx: seen.whole, batchSize: 1, weights: openWeights(padded) };
    const predictor = open(options, { name: 'centres', compile });
    const { np } = await predictor.predict(createImage(150, 130));
    expect(np.shape).toEqual([2, 150, 130]);
    expect(np.data.every((value) => value === 1)).toBe(true);
  });

  it('has no nc where the network has no type branch', async () => {
    const untyped = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 0 });
    const predictor = open({ batchSize: 1, weights: openWeights(untyped) });
    expect((await predictor.predict(createImage(8, 8))).nc).toBeUndefined();
  });
});

describe('the batches of windows', () => {
  const image = createImage(2 * outputPx, 2 * outputPx);

  it('hold every window once and tell how far they are', async () => {
    const done: (readonly number[])[] = [];
    const predictor = open({ batchSize: 3 });
    await predictor.predict(image, { onWindows: (count, total) => void done.push([count, total]) });
    expect(done).toEqual([
      [0, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  it('cost a small image no more than its own windows', async () => {
    const predictor = open({ batchSize: 16 });
    await predictor.predict(image);
    expect(computed.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it('are compiled once for many images, and freed', async () => {
    const predictor = open({ batchSize: 2 });
    for (let i = 0; i < 3; i++) await predictor.predict(image);
    expect(compiled).toBe(1);
    await predictor.dispose();
    expect(disposed).toBe(1);
  });

  it('stop where they are interrupted', async () => {
    const controller = new AbortController();
    const predictor = open({ batchSize: 1 });
    const predicting = predictor.predict(image, {
      signal: controller.signal,
      onWindows: (done) => void (done === 2 && controller.abort()),
    });
    await expect(predicting).rejects.toThrow(HovernetError);
    await expect(predicting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(computed).toEqual([1, 1]);
  });

  it('do not change what a real network says', async () => {
    const results = [];
    for (const batchSize of [1, 3]) {
      const predictor = open({ batchSize }, createOnnxEngine());
      results.push(await predictor.predict(image));
      await predictor.dispose();
    }
    const [single, several] = results as [(typeof results)[0], (typeof results)[0]];
    for (const name of ['np', 'hv', 'nc'] as const) {
      expect(Math.max(...single[name]!.data.map(Math.abs))).toBeGreaterThan(0.01);
      // The runtime may add in another order for another batch.
      const scale = Math.max(...single[name]!.data.map(Math.abs));
      single[name]!.data.forEach((value, at) => {
        if (Math.abs(value - several[name]!.data[at]!) > 1e-5 * scale) expect.fail(`${name}[${at}] differs`);
      });
    }
  });
});

it('refuses a window that does not fit the network', () => {
  const image = { height: 40, width: 40 };
  expect(() => planImage(config, image, { windowPx: 65 })).toThrow(/got 65 px; nearest that fit: 64 and 72 px/);
});

it('shows the network the image mirrored at its border, or black, as it is told', async () => {
  const image = createImage(40, 40);
  const margin = (windowPx - outputPx) / 2;
  const [, width] = image.shape as [number, number];
  for (const padding of ['zero', 'mirror'] as const) {
    let first: Float32Array | undefined;
    const watching: Engine = {
      ...mirrorEngine,
      compile: async (...words) => {
        const executable = await mirrorEngine.compile(...words);
        return {
          ...executable,
          run: (feeds) => {
            first ??= (feeds['image'] as Float32Array).slice();
            return executable.run(feeds);
          },
        };
      },
    };
    await open({ padding, batchSize: 1 }, watching).predict(image);
    // Window row `margin + start`, with an image smaller than the output centred in it, shows image row 0.
    const start = margin + Math.max(0, Math.floor((outputPx - 40) / 2));
    for (const [dx, dy] of [
      [1, 0],
      [0, 3],
      [4, 2],
    ] as const) {
      const seen = first![(start - dy) * windowPx + start - dx];
      expect(seen).toBe(padding === 'zero' ? 0 : Math.fround(image.data[3 * (dy * width + dx)]! / 255));
    }
  }
});

import { createRandom, createRgbImage, type RawMaps, type RgbImage } from '@hovernet/core';
import { planWindows, countWindows } from '@hovernet/transforms';
import { describe, expect, it } from 'vitest';
import { createMapMerger } from '../../src/windows/merge-maps.js';
import { createMemorySource } from '../../src/sources/memory-source.js';
import { predictWindows } from '../../src/windows/predict-windows.js';
import { addScalars, addVectors, listViews, showView, type View } from '../../src/windows/views.js';
import type { WindowNetwork } from '../../src/network/trained-network.js';

const window = { input: 12, output: 8 };
const margin = 2;
const sets = ['flips', 'rotations', 'all'] as const;

/** Asks for the value of channel `channel` at (x, y) of a window, coordinates counted from its output's corner. */
type Say = (read: (channel: number, x: number, y: number) => number, x: number, y: number) => number;

/** A network whose branches say `np`, `hv` and `nc` of integers 0…255 around each pixel. */
function createRunner(says: { readonly np: Say[]; readonly hv: Say[]; readonly nc: Say[] }): WindowNetwork {
  const { input, output } = window;
  return {
    inChannels: 3,
    outChannels: { np: says.np.length, hv: 2, nc: says.nc.length },
    run: (planes, { batchSize }) => {
      const outputs = Object.entries(says).map(([name, channels]): [string, Float32Array] => {
        const values = new Float32Array(batchSize * channels.length * output ** 2);
        let at = 0;
        for (let item = 0; item < batchSize; item++) {
          const read = (channel: number, x: number, y: number) =>
            Math.round(255 * planes[((item * 3 + channel) * input + y + margin) * input + x + margin]!);
          for (const say of channels)
            for (let y = 0; y < output; y++) for (let x = 0; x < output; x++) values[at++] = say(read, x, y);
        }
        return [name, values];
      });
      return Promise.resolve(Object.fromEntries(outputs));
    },
    dispose: () => Promise.resolve(),
  };
}

async function predict(
  runner: WindowNetwork,
  image: RgbImage,
  views: (typeof sets)[number] | 'none',
): Promise<RawMaps> {
  const plan = planWindows(image.shape[0]!, image.shape[1]!, window);
  const maps = createMapMerger(runner, plan);
  const indices = Array.from({ length: countWindows(plan) }, (_, index) => index);
  const job = { source: createMemorySource(image), plan, indices };
  for await (const { index, outputs, position } of predictWindows(runner, job, { batchSize: 3, views }))
    maps.add(index, outputs, position);
  return maps.finish();
}

/** The image as `view` shows it. */
function turnImage(image: RgbImage, view: View): RgbImage {
  const sidePx = image.shape[0]!;
  const planes = Float32Array.from({ length: image.data.length }, (_, i) => {
    const area = sidePx ** 2;
    return image.data[3 * (i % area) + Math.floor(i / area)]!;
  });
  const shown = new Float32Array(planes.length);
  showView({ values: planes, sidePx }, view, shown);
  const turned = createRgbImage(sidePx, sidePx);
  for (let i = 0; i < shown.length; i++) turned.data[3 * (i % sidePx ** 2) + Math.floor(i / sidePx ** 2)] = shown[i]!;
  return turned;
}

describe('a view', () => {
  // prettier-ignore
  const square = Float32Array.of(
    1, 2,
    3, 4,
  );
  it.each<[View, number[]]>([
    [{ flipX: false, flipY: false, transpose: false }, [1, 2, 3, 4]],
    [{ flipX: true, flipY: false, transpose: false }, [2, 1, 4, 3]],
    [{ flipX: false, flipY: true, transpose: false }, [3, 4, 1, 2]],
    [{ flipX: false, flipY: false, transpose: true }, [1, 3, 2, 4]],
    // A quarter turn: the right column becomes the top row.
    [{ flipX: true, flipY: false, transpose: true }, [2, 4, 1, 3]],
  ])('shows %o, and can be turned back', (view, expected) => {
    const shown = new Float32Array(4);
    showView({ values: square, sidePx: 2 }, view, shown);
    expect([...shown]).toEqual(expected);
    const back = new Float32Array(4);
    addScalars(back, { values: shown, sidePx: 2 }, view);
    expect([...back]).toEqual([...square]);
  });

  it('is one of 1, 4, 4 or 8 that differ, the first the window itself', () => {
    expect(['none', ...sets].map((set) => listViews(set as 'none').length)).toEqual([1, 4, 4, 8]);
    for (const set of sets) {
      const pictures = listViews(set).map((view) => {
        const shown = new Float32Array(4);
        showView({ values: square, sidePx: 2 }, view, shown);
        return shown.join();
      });
      expect(new Set(pictures).size).toBe(pictures.length);
      expect(pictures[0]).toBe('1,2,3,4');
    }
    const turned = listViews('rotations').map((view) => {
      const shown = new Float32Array(4);
      showView({ values: square, sidePx: 2 }, view, shown);
      return shown.join();
    });
    expect(turned.sort()).toEqual(['1,2,3,4', '2,4,1,3', '3,1,4,2', '4,3,2,1']);
  });

  it('gives distances from a centre back as they are, whatever the view', () => {
    // In every view the network sees the same nucleus and says x and y from its middle.
    const middle = (window.output - 1) / 2;
    const runner = createRunner({ np: [() => 0], hv: [(_, x) => x - middle, (_, __, y) => y - middle], nc: [] });
    const image = createRgbImage(window.output, window.output);
    return Promise.all(
      sets.map(async (set) => {
        const { hv } = await predict(runner, image, set);
        for (let y = 0; y < window.output; y++)
          for (let x = 0; x < window.output; x++)
            expect([hv.get(0, y, x), hv.get(1, y, x)], `${set} ${x} ${y}`).toEqual([x - middle, y - middle]);
      }),
    );
  });
});

describe('the mean over views', () => {
  // Looks to one side more than to the other: alone it is not equivariant. Integers, so that sums are exact.
  const runner = createRunner({
    np: [(read, x, y) => 3 * read(0, x + 1, y) - read(1, x, y - 2), (read, x, y) => read(2, x - 1, y + 1)],
    hv: [(read, x, y) => 5 * read(0, x + 1, y) - read(1, x, y), (read, x, y) => read(1, x, y + 2) - 2 * read(2, x, y)],
    nc: [(read, x, y) => read(0, x - 2, y), (read, x, y) => read(1, x, y), (read, x, y) => read(2, x, y + 1)],
  });
  const sidePx = 21;
  const random = createRandom(8);
  const image = createRgbImage(
    sidePx,
    sidePx,
    Uint8Array.from({ length: 3 * sidePx ** 2 }, () => random.integer(256)),
  );

  /** What `views` gives for the turned image, turned back. */
  async function predictTurned(view: View, set: (typeof sets)[number] | 'none'): Promise<Record<string, number[]>> {
    const maps = await predict(runner, turnImage(image, view), set);
    return Object.fromEntries(
      (['np', 'hv', 'nc'] as const).map((name) => {
        const back = new Float32Array(maps[name]!.data.length);
        (name === 'hv' ? addVectors : addScalars)(back, { values: maps[name]!.data, sidePx }, view);
        return [name, [...back]];
      }),
    );
  }

  it.each(sets)('turns with the image, exactly: %s', async (set) => {
    const [straight, ...views] = listViews(set);
    const expected = await predictTurned(straight!, set);
    for (const view of views) expect(await predictTurned(view, set)).toEqual(expected);
  });

  it('does not where only the window itself is seen', async () => {
    const [straight, mirrored] = listViews('flips');
    const [expected, turned] = [await predictTurned(straight!, 'none'), await predictTurned(mirrored!, 'none')];
    for (const name of ['np', 'hv', 'nc']) expect(turned[name]).not.toEqual(expected[name]);
  });
});

import { createRandom, createRgbImage, cropView, type Box, type ImageSource, type RgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { resampleSource } from '../../src/resample/resample-source.js';

type KnownSource = ImageSource & { readonly mpp: number };
const open = (image: RgbImage, mpp: number): KnownSource => ({
  height: image.shape[0]!,
  width: image.shape[1]!,
  mpp,
  read: (box) => Promise.resolve(cropView(image, box)),
  close: () => Promise.resolve(),
});

function createNoise(height: number, width: number): RgbImage {
  const random = createRandom(height + 1000 * width);
  return createRgbImage(
    height,
    width,
    Uint8Array.from({ length: 3 * height * width }, () => random.integer(256)),
  );
}

const readWhole = (source: ImageSource) => source.read([0, 0, source.width, source.height]);

describe('a resampled image', () => {
  it.each([
    [40, 30, 0.5, 0.25, 80, 60],
    [40, 30, 0.25, 0.5, 20, 15],
    [41, 31, 0.2, 0.25, 33, 25],
    [3, 200, 0.25, 2.5, 1, 20],
    [1, 1, 0.25, 40, 1, 1],
  ])('of %i × %i pixels from %f to %f µm has %i × %i', async (height, width, from, to, newHeight, newWidth) => {
    const source = resampleSource(open(createNoise(height, width), from), to);
    expect([source.height, source.width, source.mpp]).toEqual([newHeight, newWidth, to]);
    expect((await readWhole(source)).shape).toEqual([newHeight, newWidth, 3]);
  });

  it.each([0.06, 0.25, 0.26, 0.5, 0.73, 1.9])(
    'has pixels that do not depend on the box: from 0.25 to %f',
    async (to) => {
      const source = resampleSource(open(createNoise(37, 53), 0.25), to);
      const whole = await readWhole(source);
      const random = createRandom(5);
      for (let round = 0; round < 30; round++) {
        const [x0, y0] = [random.integer(source.width), random.integer(source.height)];
        const x1 = x0 + 1 + random.integer(source.width - x0);
        const y1 = y0 + 1 + random.integer(source.height - y0);
        const part = await source.read([x0, y0, x1, y1]);
        expect(part.shape).toEqual([y1 - y0, x1 - x0, 3]);
        for (let y = y0; y < y1; y++)
          for (let x = x0; x < x1; x++)
            for (let c = 0; c < 3; c++)
              if (part.get(y - y0, x - x0, c) !== whole.get(y, x, c))
                expect.fail(`${x}, ${y}, ${c} in ${x0}…${x1}, ${y0}…${y1}`);
      }
    },
  );

  it.each([0.03, 0.11, 0.25, 0.4, 3])('is of one colour where the image is: to %f', async (to) => {
    for (const [height, width] of [
      [1, 1],
      [2, 3],
      [19, 44],
    ] as const) {
      const colors = Uint8Array.from({ length: 3 * height * width }, (_, i) => [255, 7, 128][i % 3]!);
      const { data } = await readWhole(resampleSource(open(createRgbImage(height, width, colors), 0.25), to));
      expect(data.every((value, i) => value === [255, 7, 128][i % 3])).toBe(true);
    }
  });

  it('is the image itself at its own resolution', async () => {
    const image = createNoise(23, 31);
    const same = await readWhole(resampleSource(open(image, 0.25), 0.25));
    expect(Buffer.compare(same.data, image.data)).toBe(0);
  });

  it('is grey where a checkerboard shrinks to half', async () => {
    const values = Array.from({ length: 40 * 40 }, (_, at) => ((at + Math.floor(at / 40)) % 2) * 255);
    const board = createRgbImage(40, 40, Uint8Array.from(values.flatMap((value) => [value, value, value])));
    const half = resampleSource(open(board, 0.25), 0.5);
    const { data } = await half.read([1, 1, 19, 19]);
    expect(data.every((value) => value === 128)).toBe(true);
    // Less is seen beside a border.
    expect((await readWhole(half)).data.every((value) => value > 110 && value < 145)).toBe(true);
  });

  it('lies where the image does: what is in its middle stays there', async () => {
    const image = createRgbImage(21, 21);
    image.set(10, 10, 0, 255);
    for (const to of [0.1, 0.17, 0.6]) {
      const source = resampleSource(open(image, 0.25), to);
      const seen = await readWhole(source);
      let [sum, x, y] = [0, 0, 0];
      for (let row = 0; row < source.height; row++) {
        for (let column = 0; column < source.width; column++) {
          const weight = seen.get(row, column, 0);
          sum += weight;
          x += weight * column;
          y += weight * row;
        }
      }
      expect([x / sum, y / sum]).toEqual([
        expect.closeTo((source.width - 1) / 2, 1),
        expect.closeTo((source.height - 1) / 2, 1),
      ]);
    }
  });
});

it('reads no more of the image than a box needs, and closes it', async () => {
  const boxes: Box[] = [];
  let closed = 0;
  const source = open(createNoise(400, 400), 0.25);
  const watched: KnownSource = {
    ...source,
    read: (box) => {
      boxes.push(box);
      return source.read(box);
    },
    close: () => Promise.resolve(void closed++),
  };
  const half = resampleSource(watched, 0.5);
  await half.read([50, 60, 70, 90]);
  const [[x0, y0, x1, y1]] = boxes as [Box];
  expect(boxes).toHaveLength(1);
  expect(x0 >= 95 && y0 >= 115 && x1 <= 145 && y1 <= 185).toBe(true);
  expect(x0 <= 100 && y0 <= 120 && x1 >= 140 && y1 >= 180).toBe(true);
  await half.close();
  expect(closed).toBe(1);
});

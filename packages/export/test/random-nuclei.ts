// Random nuclei of every awkward kind: holes, parts that meet in corners, single pixels, neighbours that touch.
import {
  createLabelMap,
  createNucleusTable,
  createRgbImage,
  createRandom,
  cropView,
  type LabelMap,
  type NucleusClass,
  type SegmentedImage,
} from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';

export const classes: readonly NucleusClass[] = [
  { id: 1, name: 'epithelial', color: [255, 0, 0] },
  { id: 2, name: 'other, "odd" <b>', color: [0, 128, 255] },
];

export interface RandomImageOptions {
  readonly seed: number;
  readonly count: number;
  /** Side of the square that each nucleus lies in. */
  readonly cellPx: number;
  /** Share of a nucleus' pixels that are taken out at random. @default 0 */
  readonly noise?: number;
  readonly mpp?: number | null;
}

/** A segmented image of ellipses, with types and a picture of random colours. */
export function createRandomImage({ seed, count, cellPx, noise = 0, mpp = 0.25 }: RandomImageOptions): SegmentedImage {
  const random = createRandom(seed);
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const labels = createLabelMap(rows * cellPx, columns * cellPx);
  for (let id = 1; id <= count; id++) {
    const left = ((id - 1) % columns) * cellPx;
    const top = Math.floor((id - 1) / columns) * cellPx;
    const [a, b] = [0, 0].map(() => (cellPx / 2) * (0.4 + 0.7 * random.uniform())) as [number, number];
    const [centre, tilt] = [(cellPx - 1) / 2, Math.PI * random.uniform()];
    for (let y = 0; y < cellPx; y++) {
      for (let x = 0; x < cellPx; x++) {
        const u = (x - centre) * Math.cos(tilt) + (y - centre) * Math.sin(tilt);
        const v = (y - centre) * Math.cos(tilt) - (x - centre) * Math.sin(tilt);
        const isCentre = x === Math.floor(centre) && y === Math.floor(centre);
        const isIn = (u / a) ** 2 + (v / b) ** 2 <= 1 && random.uniform() >= noise;
        if (isIn || isCentre) labels.data[(top + y) * columns * cellPx + left + x] = id;
      }
    }
  }
  return createSegmentedImage(labels, { seed, mpp });
}

/** `labels` with random types and a random picture. */
export function createSegmentedImage(
  labels: LabelMap,
  { seed, mpp = null }: { readonly seed: number; readonly mpp?: number | null },
): SegmentedImage {
  const random = createRandom(seed + 1);
  const [height, width] = labels.shape as [number, number];
  const nuclei = describeNuclei(labels).map((nucleus) => ({
    ...nucleus,
    type: Math.floor(3 * random.uniform()),
    typeProbability: random.uniform(),
  }));
  const pixels = createRgbImage(height, width);
  for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = 256 * random.uniform();
  const table = createNucleusTable(nuclei, { isTyped: true });
  const types = new Map(nuclei.map(({ id, type }) => [id, type]));
  return {
    width,
    height,
    mpp,
    classes,
    isTyped: true,
    cells: 1,
    image: {
      width,
      height,
      mpp,
      read: (box) => Promise.resolve(cropView(pixels, box)),
      close: () => Promise.resolve(),
    },
    nuclei: {
      count: nuclei.length,
      async *tables() {
        yield await Promise.resolve(table);
      },
      inRows: () => Promise.resolve(table),
      typesOf: (ids) => Uint8Array.from(ids, (id) => types.get(id) ?? 0),
    },
    readLabels: ([x0, y0, x1, y1]) => {
      const part = createLabelMap(y1 - y0, x1 - x0);
      for (let y = y0; y < y1; y++)
        part.data.set(labels.data.subarray(y * width + x0, y * width + x1), (y - y0) * (x1 - x0));
      return Promise.resolve(part);
    },
  };
}

// A network that says what it sees: images that hold raw maps of labelled nuclei as colours, and a segmenter that reads them.
import { createRgbImage, type RgbImage } from '@hovernet/core';
import type { DecodedImage, SegmentationOptions, Segmenter } from '@hovernet/inference';
import {
  createFolderScratch,
  createSegmenter,
  openImage,
  type BranchOutputs,
  type NodeImage,
  type SegmenterParts,
  type TrainedNetwork,
} from '@hovernet/inference/internal';
import { outputSize, resolveConfig } from '@hovernet/model';
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';

/** Classes that {@link createSeeingNetwork} tells apart, background included. */
export const seenClasses = 3;

/**
 * An image of nuclei whose green and blue are HoVer distances, and whose red is 200 or 240 inside nuclei of types 1 and 2. It
 * is `height` × `width` pixels of a square scene.
 */
export function createSeenImage(height: number, width: number, seed = 1): RgbImage {
  const sidePx = Math.max(height, width);
  const scene = createLabelledScene(sidePx, seed);
  const { hv } = createLabelledMaps(scene);
  const image = createRgbImage(height, width);
  const area = sidePx * sidePx;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * sidePx + x;
      image.data[to++] = scene.instanceMap.data[at] === 0 ? 20 : scene.typeMap.data[at]! <= 2 ? 200 : 240;
      image.data[to++] = Math.round(127 + 120 * hv.data[at]!);
      image.data[to++] = Math.round(127 + 120 * hv.data[area + at]!);
    }
  }
  return image;
}

const seenConfig = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: seenClasses });

/** Sides of the windows of {@link createSeeingSegmenter}. */
export const seenWindow = { input: 128, output: outputSize(seenConfig, 128) };

/** Classes that {@link createSeeingNetwork} names. */
export const namedClasses = [
  { id: 1, name: 'one', color: [255, 0, 0] },
  { id: 2, name: 'two', color: [0, 0, 255] },
] as const;

/** A network that reads {@link createSeenImage}; `onRun` is called with the windows of each run before it ends. */
export function createSeeingNetwork(
  onRun: (planes: Float32Array) => void | Promise<void> = () => undefined,
): TrainedNetwork {
  const { input, output } = seenWindow;
  const margin = (input - output) / 2;
  const area = input * input;
  return {
    config: seenConfig,
    classes: namedClasses,
    mpp: 0.25,
    inChannels: 3,
    outChannels: { np: 2, hv: 2, nc: seenClasses },
    run: async (planes, { batchSize }) => {
      await onRun(planes);
      const size = output * output;
      const np = new Float32Array(batchSize * 2 * size);
      const hv = new Float32Array(batchSize * 2 * size);
      const nc = new Float32Array(batchSize * seenClasses * size);
      for (let item = 0; item < batchSize; item++) {
        for (let y = 0; y < output; y++) {
          for (let x = 0; x < output; x++) {
            const from = item * 3 * area + (y + margin) * input + x + margin;
            const at = y * output + x;
            const red = planes[from]! * 255;
            np[item * 2 * size + at] = 100 - red;
            np[(item * 2 + 1) * size + at] = red - 100;
            for (let k = 0; k < 2; k++)
              hv[(item * 2 + k) * size + at] = (planes[from + (k + 1) * area]! * 255 - 127) / 120;
            const type = red < 100 ? 0 : red < 220 ? 1 : 2;
            nc[(item * seenClasses + type) * size + at] = 5;
          }
        }
      }
      return { np, hv, nc } satisfies BranchOutputs;
    },
    dispose: () => Promise.resolve(),
  };
}

export interface SeeingParts {
  /** Where files lie for what does not fit into memory. */
  readonly scratchFolder: string;
  readonly finder: SegmenterParts<never>['finder'];
  readonly network?: TrainedNetwork;
  readonly memoryPx?: number;
}

/** A segmenter with a {@link createSeeingNetwork}, in windows of {@link seenWindow} and in one cell unless `options` says otherwise. */
export function createSeeingSegmenter(
  { scratchFolder, finder, network = createSeeingNetwork(), memoryPx }: SeeingParts,
  options: SegmentationOptions = {},
): Segmenter<NodeImage | DecodedImage> {
  const scratch = createFolderScratch(scratchFolder);
  return createSegmenter<NodeImage>(
    {
      network,
      weights: { name: 'seeing', sha256: null },
      finder,
      scratch,
      memoryPx,
      openImage: (image) => openImage(image, { scratch }),
      dispose: () => network.dispose(),
    },
    {
      windowPx: seenWindow.input,
      batchSize: 2,
      cellPx: null,
      haloPx: 0,
      postprocess: { normalization: 'fixed' },
      mpp: 0.25,
      ...options,
    },
  );
}

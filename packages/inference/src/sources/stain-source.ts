// The stains of an image, measured once, and the image with them brought towards what the weights know.
import type { Box, ImageSource, Point, RegionSource } from '@hovernet/core';
import {
  chooseGains,
  createDensityMeter,
  scaleDensities,
  type ChannelTriple,
  type StainGain,
} from '@hovernet/transforms';

/** Stains of an image beside those of the images that the weights were trained on. */
export interface StainSummary {
  /** Mean optical density (base 10) of the image's tissue in red, green and blue. */
  readonly density: ChannelTriple;
  /** The same of the images that the weights were trained on. */
  readonly reference: ChannelTriple;
  /** What the image's densities are multiplied by before the network sees them. */
  readonly gains: ChannelTriple;
}

/** Parts of an image that are measured: all of a small one, evenly spread ones of a large one. */
const partPx = 256;
const mostParts = 64;
/** Fewer pixels of tissue say nothing of the stains. */
const fewestPixels = 1000;

/**
 * Stains of `source`, from tissue in at most 64 parts of 256×256 px; null where there is next to none. It depends on the image
 * alone, so that parts of an image get the same gains whoever computes them.
 */
export async function measureStains(
  source: ImageSource,
  {
    reference,
    gain,
    signal,
  }: { readonly reference: ChannelTriple; readonly gain: StainGain; readonly signal?: AbortSignal | undefined },
): Promise<StainSummary | null> {
  const meter = createDensityMeter();
  for (const box of spreadParts(source)) meter.add(await source.read(box, signal));
  const density = meter.mean();
  if (density === null || meter.count < fewestPixels) return null;
  return { density, reference, gains: chooseGains(density, reference, gain) };
}

function spreadParts(source: ImageSource | RegionSource): Box[] {
  const boxes: Box[] = [];
  for (let y = 0; y < source.height; y += partPx) {
    for (let x = 0; x < source.width; x += partPx) {
      const box: Box = [x, y, Math.min(x + partPx, source.width), Math.min(y + partPx, source.height)];
      if (!('hasTissue' in source) || source.hasTissue(box)) boxes.push(box);
    }
  }
  if (boxes.length <= mostParts) return boxes;
  return Array.from({ length: mostParts }, (_, i) => boxes[Math.floor(((i + 0.5) * boxes.length) / mostParts)]!);
}

/** `source` with its optical densities multiplied by `gains`. Closing it closes `source`. */
export function stainSource(source: ImageSource | RegionSource, gains: ChannelTriple): ImageSource {
  const { width, height, mpp } = source;
  return {
    width,
    height,
    mpp,
    read: async (box, signal) => scaleDensities(await source.read(box, signal), gains),
    close: () => source.close(),
    ...('hasTissue' in source && {
      hasTissue: (box: Box) => source.hasTissue(box),
      toSlide: (point: Point) => source.toSlide(point),
    }),
  };
}

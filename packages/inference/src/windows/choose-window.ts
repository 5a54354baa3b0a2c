// Which window to cut an image into: the standard one as the references, or the one that wastes least within the memory.
import type { HoverNetConfig } from '@hovernet/model';
import { countWindows, planWindows } from '@hovernet/transforms';
import { usableOutput } from './usable-output.js';

/** Side in pixels of the windows for an image. */
export type WindowChoice = (imageHeight: number, imageWidth: number) => number;

/** Planes of the first stage's width that live at once in a forward pass; measured with `hovernet bench forward`. */
const LIVE_PLANES = 14;
const BYTES_PER_NUMBER = 4;
const STAGE_EXPANSION = 4;

/** Windows are tried that cut the longer side of an image into up to this many parts. */
const MAX_PARTS = 16;

/** Bytes that the forward pass over one window needs beside the weights. */
export function estimateWindowBytes(config: HoverNetConfig, windowPx: number): number {
  const { stageChannels, stemChannels, stemStride } = config;
  const widest = Math.max(stageChannels[0] * STAGE_EXPANSION, stemChannels);
  return LIVE_PLANES * BYTES_PER_NUMBER * widest * (windowPx / stemStride) ** 2;
}

/**
 * For each image the window, of those that `memoryBytes` allows, with which the network computes fewest pixels in all. A
 * window of 256 px keeps 41 % of what it computes, one of 1,024 px 83 %. Images of similar sizes get equal windows.
 * `standardPx` is taken where no other one fits the memory.
 */
export function chooseWindows(config: HoverNetConfig, memoryBytes: number, standardPx: number): WindowChoice {
  return (height, width) => {
    let best = { windowPx: standardPx, cost: computedPixels(config, standardPx, height, width) };
    for (let parts = 1; parts <= MAX_PARTS; parts++) {
      const windowPx = windowFor(config, Math.max(height, width), parts, standardPx);
      if (windowPx === undefined || estimateWindowBytes(config, windowPx) > memoryBytes) continue;
      const cost = computedPixels(config, windowPx, height, width);
      if (cost < best.cost) best = { windowPx, cost };
    }
    return best.windowPx;
  };
}

/** The smallest window from `standardPx` on, in steps of 32 px, with which `parts` windows a side cover `imagePx`. */
function windowFor(config: HoverNetConfig, imagePx: number, parts: number, standardPx: number): number | undefined {
  const outputPx = Math.ceil(imagePx / parts);
  const margin = standardPx - outputOf(config, standardPx, imagePx, parts);
  const steps = Math.max(0, Math.ceil((outputPx + margin - standardPx) / 32));
  const windowPx = standardPx + 32 * steps;
  try {
    return outputOf(config, windowPx, imagePx, parts) >= outputPx ? windowPx : undefined;
  } catch {
    return undefined;
  }
}

/** Side of a window's output that counts; one window alone is for an image of its size. */
function outputOf(config: HoverNetConfig, windowPx: number, imagePx: number, parts: number): number {
  return usableOutput(config, windowPx, parts === 1 ? 0 : imagePx).output;
}

function computedPixels(config: HoverNetConfig, windowPx: number, height: number, width: number): number {
  const size = usableOutput(config, windowPx, Math.max(height, width));
  return countWindows(planWindows(height, width, size)) * windowPx ** 2;
}

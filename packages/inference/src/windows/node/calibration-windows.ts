// Windows of images on which the ranges of 8-bit values are measured.
import { readImage } from '@hovernet/files/node';
import { outputSize, type HoverNetConfig } from '@hovernet/model/architecture';
import type { GraphFeeds } from '@hovernet/onnx';
import { countWindows, cutWindow, planWindows } from '@hovernet/transforms';

/** Windows that are cut in all: ranges hardly change with more. */
const WINDOW_COUNT = 32;

/** The range of the input, whatever the samples show. */
export const imageRange = new Map([['image', { min: 0, max: 1 }]]);

export interface CalibrationSize {
  readonly batchSize: number;
  readonly windowPx: number;
}

/**
 * Feeds `image` of up to 32 windows, spread evenly over the images at `paths`, as inference cuts them.
 * @throws FileError for an image that cannot be read.
 */
export async function* readCalibrationWindows(
  paths: readonly string[],
  config: HoverNetConfig,
  { batchSize, windowPx }: CalibrationSize,
): AsyncGenerator<GraphFeeds, void, undefined> {
  const images = Math.min(paths.length, WINDOW_COUNT);
  const perImage = Math.ceil(WINDOW_COUNT / images);
  const area = config.inChannels * windowPx ** 2;
  for (let index = 0; index < images; index++) {
    const image = await readImage(paths[Math.floor((index * paths.length) / images)]!);
    const [height, width] = image.shape as [number, number];
    const plan = planWindows(height, width, { input: windowPx, output: outputSize(config, windowPx) });
    const total = countWindows(plan);
    const count = Math.min(perImage, total);
    for (let part = 0; part < count; part++) {
      const planes = new Float32Array(batchSize * area);
      const window = Math.floor(((part + 0.5) * total) / count);
      for (let item = 0; item < batchSize; item++)
        cutWindow(image, plan, { index: window, planes, offset: item * area });
      yield { image: planes };
    }
  }
}

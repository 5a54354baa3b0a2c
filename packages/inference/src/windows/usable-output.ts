// What of a window's output counts where windows lie side by side.
import type { HoverNetConfig } from '@hovernet/model';
import { outputSize } from '@hovernet/model/architecture';
import type { WindowSize } from '@hovernet/transforms';

/**
 * Output that is left out on all sides, in pixels, where a padded network shows only a part of an image: next to its border it
 * sees zeros in place of tissue. A nucleus is about 30 px wide at 0.25 µm per pixel.
 */
const seamPx = 32;

/**
 * Sides of the windows of `inputPx` pixels for an image whose longer side has `imagePx` pixels. Without padding the whole output
 * counts, with it the whole output of a single window, and the centre of several.
 * @throws ShapeError if the window does not fit the network.
 */
export function usableOutput(config: HoverNetConfig, inputPx: number, imagePx: number): WindowSize {
  const whole = outputSize(config, inputPx);
  const single = imagePx <= whole;
  return { input: inputPx, output: config.decoderPadding && !single ? Math.max(1, whole - 2 * seamPx) : whole };
}

// Windows and borders where the configuration leaves them to the network: as the references, who know no half resolution.
import type { HoverNetConfig } from '@hovernet/model';
import type { WindowPadding } from '@hovernet/transforms';
import { freemem } from 'node:os';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkWindow } from '../network/check-network.js';
import { chooseWindows, defaultWindow, type WindowChoice } from '@hovernet/inference/internal';

/**
 * Side of the windows for an image; with `auto` half of the free memory is left to the images, the engine and others.
 * @throws ConfigError for a side that does not fit the network.
 */
export function openWindow(
  { patchSizePx, windowPx }: Pick<HovernetConfiguration, 'patchSizePx' | 'windowPx'>,
  network: HoverNetConfig,
): number | WindowChoice {
  checkWindow('patch_size', network, patchSizePx);
  if (windowPx === 'auto') return chooseWindows(network, freemem() / 2, patchSizePx);
  if (windowPx === null) return network.stemStride === 2 ? defaultWindow(network) : patchSizePx;
  checkWindow('window_size', network, windowPx);
  return windowPx;
}

/** What surrounds an image. */
export function openPadding(
  padding: HovernetConfiguration['inference']['padding'],
  network: HoverNetConfig,
): WindowPadding {
  if (padding !== 'auto') return padding;
  return network.stemStride === 2 ? 'mirror' : 'zero';
}

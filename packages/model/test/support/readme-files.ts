// The files that the README's examples read: a tiny network and an image.
import { createRandom } from '@hovernet/core';
import { PNG } from 'pngjs';
import { encodeSafetensors } from '@hovernet/files';
import { initializeWeights, resolveConfig } from '../../src/index.js';
import { describeConfig } from '../../src/internal.js';

export function readmeFiles(): Record<'hovernet.safetensors' | 'tile.png', Uint8Array> {
  const config = resolveConfig({ preset: 'tiny', outClasses: 5 });
  const weights = encodeSafetensors(initializeWeights(config, createRandom(1)), describeConfig({ config }));
  const png = new PNG({ width: 96, height: 96 });
  const random = createRandom(2);
  for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : random.integer(256);
  return { 'hovernet.safetensors': weights, 'tile.png': PNG.sync.write(png) };
}

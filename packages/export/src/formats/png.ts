// Maps as PNG: ids as 16-bit grey, types in the colours of their classes.
import type { NucleusClass } from '@hovernet/core';
import type { Palette } from '@hovernet/files';
import { fallbackColor } from '../fallback-color.js';
import type { ResultFormat } from './format.js';
import { readLabels, readTypes } from './read-strips.js';

export const pngFormat: ResultFormat = {
  name: 'png',
  description: 'maps as PNG: ids as 16-bit grey (up to 65,535), types in their colours',
  files: [
    {
      name: 'instance_map_png',
      ending: '_instance_map.png',
      encode: async function* (image) {
        const { encodePngRows } = await import('@hovernet/files');
        const { width, height } = image;
        yield* encodePngRows({ width, height, kind: 'grey16' }, readLabels(image));
      },
    },
    {
      name: 'type_map_png',
      ending: '_type_map.png',
      needsTypes: true,
      encode: async function* (image) {
        const { encodePngRows } = await import('@hovernet/files');
        const { width, height, classes } = image;
        yield* encodePngRows({ width, height, kind: 'palette', palette: createPalette(classes) }, readTypes(image));
      },
    },
  ],
};

/** Black for background, then the colours of the classes. */
function createPalette(classes: readonly NucleusClass[]): Palette {
  const length = 1 + Math.max(0, ...classes.map(({ id }) => id));
  return Array.from({ length }, (_, id) =>
    id === 0 ? [0, 0, 0] : (classes.find((known) => known.id === id)?.color ?? fallbackColor),
  );
}

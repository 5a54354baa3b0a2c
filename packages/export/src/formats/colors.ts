// Nuclei in colours that tell neighbours apart.
import type { SegmentedImage } from '@hovernet/core';
import { indexLabelColors, labelPalette } from '../label-colors.js';
import type { ResultFormat } from './format.js';
import { readLabels } from './read-strips.js';

export const colorsFormat: ResultFormat = {
  name: 'colors',
  description: 'a PNG of the nuclei in colours that tell neighbours apart',
  files: [
    {
      name: 'instance_colors',
      ending: '_instance_colors.png',
      encode: async function* (image) {
        const { encodePngRows } = await import('@hovernet/files');
        const { width, height } = image;
        yield* encodePngRows({ width, height, kind: 'palette', palette: labelPalette }, colorLabels(image));
      },
    },
  ],
};

async function* colorLabels(image: SegmentedImage): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const ids of readLabels(image)) yield indexLabelColors(ids);
}

// The instance map as TIFF.
import { toContiguous } from '@hovernet/core';
import type { ResultFormat } from './format.js';

export const tiffFormat: ResultFormat = {
  name: 'tiff',
  description: 'the map of instances as tiled TIFF, uint32, for ImageJ, CellProfiler and napari',
  files: [
    {
      name: 'instance_map_tiff',
      ending: '_instance_map.tif',
      encode: async function* (image) {
        const { encodeLabelTiff } = await import('@hovernet/files/internal');
        yield* encodeLabelTiff(image, async (box) => toContiguous(await image.readLabels(box)));
      },
    },
  ],
};

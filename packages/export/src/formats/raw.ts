// The network's maps as it gives them.
import { encodeNpz } from '@hovernet/files';
import type { ResultFormat } from './format.js';

export const rawFormat: ResultFormat = {
  name: 'raw',
  description: 'the maps np, hv and nc of the network as NumPy arrays (.npz), float32 [channels, height, width]',
  needsRawMaps: true,
  files: [
    {
      name: 'raw',
      ending: '_raw.npz',
      encode: async function* ({ rawMaps }) {
        const arrays = Object.entries(rawMaps!).flatMap(([key, map]) =>
          map ? [[key, { dtype: 'float32', shape: map.shape, data: map.data }] as const] : [],
        );
        yield await encodeNpz(new Map(arrays));
      },
    },
  ],
};

// Maps as NumPy arrays.
import type { SegmentedImage } from '@hovernet/core';
import type { ResultFormat } from './format.js';
import { readLabels, readTypes } from './read-strips.js';

export const npyFormat: ResultFormat = {
  name: 'npy',
  description: 'maps of instances and types as NumPy arrays, int32 [height, width]',
  files: [
    {
      name: 'instance_map_npy',
      ending: '_instance_map.npy',
      encode: (image) => encodeRows(image, readLabels(image)),
    },
    {
      name: 'type_map_npy',
      ending: '_type_map.npy',
      needsTypes: true,
      encode: (image) => encodeRows(image, readTypes(image)),
    },
  ],
};

async function* encodeRows(
  { height, width }: Pick<SegmentedImage, 'height' | 'width'>,
  rows: AsyncIterable<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { formatNpyHeader } = await import('@hovernet/files/internal');
  yield formatNpyHeader('int32', [height, width]);
  for await (const chunk of rows) {
    const values = chunk instanceof Int32Array ? chunk : Int32Array.from(chunk);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

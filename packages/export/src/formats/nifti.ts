// Maps as compressed NIfTI, as MONAI's bundle writes them.
import type { SegmentedImage } from '@hovernet/core';
import type { ResultFormat } from './format.js';
import { readLabels, readTypes } from './read-strips.js';

export const niftiFormat: ResultFormat = {
  name: 'nifti',
  description: 'maps of instances (uint32) and types (uint8) as compressed NIfTI',
  files: [
    {
      name: 'instance_map',
      ending: '_instance_map.nii.gz',
      encode: (image) => encodeMap(image, 'label', readLabels(image)),
    },
    {
      name: 'type_map',
      ending: '_type_map.nii.gz',
      needsTypes: true,
      encode: (image) => encodeMap(image, 'type', readTypes(image)),
    },
  ],
};

async function* encodeMap(
  { width, height, mpp }: SegmentedImage,
  kind: 'label' | 'type',
  rows: AsyncIterable<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { encodeNiftiRows } = await import('../encode-nifti.js');
  yield* encodeNiftiRows({ width, height, mpp, kind }, rows);
}

// Nuclei as this project's JSON document.
import { getNucleus, type SegmentedImage } from '@hovernet/core';
import { encodeNucleiText, formatNucleus } from '../nuclei-document.js';
import type { ResultFormat } from './format.js';

export const jsonFormat: ResultFormat = {
  name: 'json',
  description: 'the nuclei as JSON: id, type, probability, centroid, box, contour',
  isLast: true,
  isText: true,
  files: [
    {
      name: 'nuclei',
      ending: '.json',
      encode: (image, { provenance }) => {
        const { width, height, mpp, classes } = image;
        return encodeNucleiText({ width, height, mpp, classes, provenance }, listTexts(image));
      },
    },
  ],
};

async function* listTexts({ nuclei }: SegmentedImage): AsyncGenerator<string, void, undefined> {
  for await (const table of nuclei.tables())
    yield Array.from({ length: table.count }, (_, row) => JSON.stringify(formatNucleus(getNucleus(table, row)))).join();
}

// The image with the contours of its nuclei.
import { listNuclei, type Point, type SegmentedImage } from '@hovernet/core';
import type { ResultFormat } from './format.js';
import { listStrips } from './read-strips.js';

/** Lines reach this far beyond a nucleus' box. */
const lineReachPx = 4;

export const overlayFormat: ResultFormat = {
  name: 'overlay',
  description: 'the image as PNG with the contours of its nuclei, coloured by type',
  files: [
    {
      name: 'overlay',
      ending: '_overlay.png',
      encode: async function* (image) {
        const { encodePngRows } = await import('@hovernet/files');
        const { width, height } = image;
        yield* encodePngRows({ width, height, kind: 'rgb' }, drawStrips(image));
      },
    },
  ],
};

async function* drawStrips(segmented: SegmentedImage): AsyncGenerator<Uint8Array, void, undefined> {
  const { renderOverlay } = await import('../render-overlay.js');
  const { image, nuclei, classes, width } = segmented;
  for (const [y0, y1] of listStrips(segmented)) {
    const strip = await image.read([0, y0, width, y1]);
    const table = await nuclei.inRows(y0 - lineReachPx, y1 + lineReachPx);
    const moved = listNuclei(table).map(({ type, contour }) => ({
      type,
      contour: contour.map(([x, y]): Point => [x, y - y0]),
    }));
    yield renderOverlay(strip, moved, classes).data;
  }
}

// Times the way from raw maps to nuclei: mask, watershed, contours, types.
import type { Reference } from '@hovernet/core';
import { segmentNuclei } from '@hovernet/postprocess';
import type { Bench } from './bench-case.js';
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';
import { javascriptRunner, measureImageCase } from './measure-case.js';

const sidesPx = [500, 1000, 2048];
const references: readonly Reference[] = ['monai', 'hover_net'];

/** A case for each reference and size, such as `monai 1000x1000`; 620 nuclei a megapixel. */
export const benchPostprocess: Bench = async function* ({ runs = 9 }, context) {
  for (const sidePx of sidesPx) {
    const maps = createLabelledMaps(createLabelledScene(sidePx));
    for (const reference of references) {
      const name = `${reference} ${sidePx}x${sidePx}`;
      const run = () => segmentNuclei(maps, { reference }).nuclei.length;
      yield await measureImageCase({ name, runs, runner: javascriptRunner, run }, context);
    }
  }
};

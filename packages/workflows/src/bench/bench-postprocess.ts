// Times the way from raw maps to nuclei.
import { segmentNuclei, type Rules } from '@hovernet/postprocess';
import type { Bench } from './bench-case.js';
import { javascriptRunner, measureCase } from './measure-case.js';
import { createSceneMaps } from './scene.js';

const sidesPx = [500, 1000, 2000];
const rulesNames: readonly Rules[] = ['monai', 'original'];

/** A case for each set of rules and size, such as `monai 1000x1000`. */
export const benchPostprocess: Bench = async function* ({ runs = 5 }, context) {
  for (const sidePx of sidesPx) {
    const maps = createSceneMaps(sidePx);
    for (const rules of rulesNames) {
      const name = `${rules} ${sidePx}x${sidePx}`;
      const run = () => segmentNuclei(maps, { rules });
      yield await measureCase({ name, runs, runner: javascriptRunner, run }, context);
    }
  }
};

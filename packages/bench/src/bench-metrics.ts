// Times the scores of one image against its truth.
import { scoreInstances, scoreTypes } from '@hovernet/metrics';
import { describeNuclei, segmentNuclei } from '@hovernet/postprocess';
import type { Bench } from './bench-case.js';
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';
import { javascriptRunner, measureImageCase } from './measure-case.js';

const sidesPx = [500, 1000, 2048];

/**
 * `instance SIZE`: Dice, Dice2, AJI, AJI+, DQ, SQ, PQ of label maps; `type SIZE`: F1d, accuracy, F1 of centroids, paired within
 * the radius; `type-global SIZE`: paired as the original does, at a cost that grows with the square of the nuclei.
 */
export const benchMetrics: Bench = async function* ({ runs = 9 }, context) {
  for (const sidePx of sidesPx) {
    const scene = createLabelledScene(sidePx);
    const predicted = segmentNuclei(createLabelledMaps(scene));
    const truth = describeNuclei(scene.instanceMap, { classMap: scene.typeMap });
    const image = { truth, prediction: predicted.nuclei };
    const works = {
      instance: () => scoreInstances(scene.instanceMap, predicted.instanceMap),
      type: () => scoreTypes([image], { pairing: 'gated' }),
      'type-global': () => scoreTypes([image]),
    };
    for (const [kind, score] of Object.entries(works)) {
      const run = () => {
        score();
        return truth.length;
      };
      const work = { name: `${kind} ${sidePx}x${sidePx}`, runs, runner: javascriptRunner, run };
      yield await measureImageCase(work, context);
    }
  }
};

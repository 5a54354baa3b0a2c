// Times the scores of one image against its truth.
import { scoreInstances, scoreTypes } from '@hovernet/metrics';
import { describeNuclei, segmentNuclei } from '@hovernet/postprocess';
import type { Bench } from './bench-case.js';
import { javascriptRunner, measureCase } from './measure-case.js';
import { createScene, createSceneMaps } from './scene.js';

const sidesPx = [500, 1000, 2000];

/** `instance SIZE`: Dice, AJI, AJI+, DQ, SQ, PQ of label maps; `type SIZE`: F1d, accuracy, F1 of centroids. */
export const benchMetrics: Bench = async function* ({ runs = 5 }, context) {
  for (const sidePx of sidesPx) {
    const { instanceMap, typeMap } = createScene(sidePx);
    const predicted = segmentNuclei(createSceneMaps(sidePx));
    const image = { truth: describeNuclei(instanceMap, { classMap: typeMap }), prediction: predicted.nuclei };
    const works = {
      instance: () => scoreInstances(instanceMap, predicted.instanceMap),
      type: () => scoreTypes([image]),
    };
    for (const [kind, run] of Object.entries(works)) {
      const name = `${kind} ${sidePx}x${sidePx}`;
      yield await measureCase({ name, runs, runner: javascriptRunner, run }, context);
    }
  }
};

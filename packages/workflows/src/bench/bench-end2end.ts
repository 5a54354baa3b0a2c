// Times the way from an image to its nuclei: windows, network, merging, post-processing.
import { segmentNuclei } from '@hovernet/postprocess';
import { outputSize } from '@hovernet/model';
import { countWindows, planWindows } from '@hovernet/transforms';
import { createTilePredictor } from '../inference/tile-predictor.js';
import type { Bench } from './bench-case.js';
import { benchWindowPx, countForwardOperations, createBenchNetwork, openBenchEngine } from './bench-network.js';
import { measureCase } from './measure-case.js';
import { createScene } from './scene.js';

const sidesPx = [256, 500, 1000];

/** A case for each size, such as `1000x1000`; opening the network is not part of it. */
export const benchEndToEnd: Bench = async function* ({ runs = 1, preset = 'base', threads }, context) {
  const { engine, runner } = await openBenchEngine(threads);
  const network = createBenchNetwork(preset);
  const predictor = createTilePredictor(engine, network, { windowPx: benchWindowPx, batchSize: 1 });
  const size = { input: benchWindowPx, output: outputSize(network.config, benchWindowPx) };
  try {
    for (const sidePx of sidesPx) {
      const { image } = createScene(sidePx);
      const name = `${sidePx}x${sidePx}`;
      const operations = countWindows(planWindows(sidePx, sidePx, size)) * countForwardOperations(network);
      const run = async () => segmentNuclei(await predictor.predict(image, { signal: context.signal }));
      // A window of the first case is warm-up enough: the large ones take minutes.
      const warmUp = sidePx === sidesPx[0];
      yield await measureCase({ name, runs, runner, operations, warmUp, run }, context);
    }
  } finally {
    await predictor.dispose();
  }
};

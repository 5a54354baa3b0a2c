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
export const benchEndToEnd: Bench = async function* (options, context) {
  const { runs = 1, preset = 'base', windowsPx } = options;
  const windowPx = windowsPx[0] ?? benchWindowPx;
  const { engine, runner } = await openBenchEngine(options);
  const network = createBenchNetwork(preset);
  const predictor = createTilePredictor(engine, network, { windowPx, batchSize: 1 });
  const size = { input: windowPx, output: outputSize(network.config, windowPx) };
  try {
    for (const sidePx of sidesPx) {
      const { image } = createScene(sidePx);
      const name = `${sidePx}x${sidePx}`;
      const windows = countWindows(planWindows(sidePx, sidePx, size));
      const operations = windows * countForwardOperations(network, windowPx);
      const run = async () => segmentNuclei(await predictor.predict(image, { signal: context.signal }));
      // A window of the first case is warm-up enough: the large ones take minutes.
      const warmUp = sidePx === sidesPx[0];
      yield await measureCase({ name, runs, runner, operations, warmUp, run }, context);
    }
  } finally {
    await predictor.dispose();
  }
};

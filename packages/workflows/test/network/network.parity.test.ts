import { createOnnxEngine } from '@hovernet/onnx/node';
import { createInferenceProgram, resolveConfig } from '@hovernet/model';
import { hasReference, maxDifference, readReferenceNpy } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { floatFeeds } from '../../src/network/float-feeds.js';
import { goldenImage, goldenWeights } from './golden-network.js';

const branches = { np: 'nucleus_prediction', hv: 'horizontal_vertical', nc: 'type_prediction' };

describe.skipIf(!hasReference('golden/network'))(
  'the full-size network equals the reference',
  { timeout: 300_000 },
  () => {
    it.each([
      ['fast', 'monai', 256],
      ['fast', 'original', 256],
      ['original', 'monai', 270],
      ['original', 'original', 270],
    ] as const)('mode %s, graph of %s', async (mode, compat, windowPx) => {
      const config = resolveConfig({ mode, compat, outClasses: 5 });
      const constants = new Map(Object.entries(floatFeeds(goldenWeights(config))));
      const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
      const executable = await createOnnxEngine().compile(program, { constants });
      const outputs = await executable.run({ image: goldenImage(windowPx) });
      await executable.dispose();
      for (const [name, branch] of Object.entries(branches)) {
        const variant = compat === 'monai' ? 'monai' : 'originalgraph';
        const expected = readReferenceNpy(`golden/network/${mode}_${variant}_${branch}.npy`);
        const actual = outputs[name]!;
        expect(actual.shape.slice(1)).toEqual(expected.shape);
        expect(maxDifference(actual.data, expected.data as Float32Array).value).toBeLessThan(5e-6);
      }
    });
  },
);

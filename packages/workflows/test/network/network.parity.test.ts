import { createOnnxEngine } from '@hovernet/onnx/node';
import {
  createInferenceProgram,
  encodeCheckpoint,
  resolveConfig,
  toConstants,
  type HoverNetConfig,
} from '@hovernet/model';
import { listTensors, loadNetwork, identifyWeights } from '@hovernet/model/internal';
import { createNoiseWeights, goldenImage, hasReference, maxDifference, readReferenceNpy } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';

const branches = { np: 'nucleus_prediction', hv: 'horizontal_vertical', nc: 'type_prediction' };

/** The reference's weights as a user has them: in the PyTorch file of the implementation that they are of, which tells its graph. */
function throughFile(config: HoverNetConfig) {
  const file = encodeCheckpoint(createNoiseWeights(listTensors(config)), {
    format: config.reference === 'monai' ? 'monai' : 'original',
  });
  return loadNetwork(identifyWeights(file, `${config.reference}.pt`));
}

describe.skipIf(!hasReference('golden/network'))(
  'the full-size network equals the reference',
  { timeout: 300_000 },
  () => {
    it.each([
      ['fast', 'monai', 256],
      ['fast', 'hover_net', 256],
      ['original', 'monai', 270],
      ['original', 'hover_net', 270],
    ] as const)('mode %s, graph of %s', async (mode, reference, windowPx) => {
      const { config, state } = throughFile(resolveConfig({ mode, reference, outClasses: 5 }));
      expect(config).toMatchObject({ mode, reference });
      const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
      const executable = await createOnnxEngine().compile(program, { constants: toConstants(state) });
      const outputs = await executable.run({ image: goldenImage(windowPx) });
      await executable.dispose();
      for (const [name, branch] of Object.entries(branches)) {
        const variant = reference === 'monai' ? 'monai' : 'originalgraph';
        const expected = readReferenceNpy(`golden/network/${mode}_${variant}_${branch}.npy`);
        const actual = outputs[name]!;
        expect(actual.shape.slice(1)).toEqual(expected.shape);
        expect(maxDifference(actual.data, expected.data as Float32Array).value).toBeLessThan(5e-6);
      }
    });
  },
);

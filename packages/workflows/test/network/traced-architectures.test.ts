import { createInferenceProgram, resolveConfig } from '@hovernet/model';
import { traceProgram, type OnnxGraph } from '@hovernet/onnx';
import { describe, expect, it } from 'vitest';
import { createTrainProgram } from '@hovernet/training/internal';

const architectures = (['fast', 'original'] as const).flatMap((mode) =>
  (['monai', 'hover_net'] as const).flatMap((reference) =>
    [0, 5].flatMap((outClasses) =>
      [false, true].map((decoderPadding) => {
        const name = `${mode}, ${reference}, ${outClasses} classes${decoderPadding ? ', padded' : ''}`;
        return { name, mode, reference, outClasses, decoderPadding, stemStride: 1 as 1 | 2 };
      }),
    ),
  ),
);

const halfResolution = {
  name: 'at half resolution',
  ...({ mode: 'fast', reference: 'hover_net', outClasses: 5, decoderPadding: true, stemStride: 2 } as const),
};

/** Transpositions between images with channels last and with channels first. */
function countImageTransposes(graph: OnnxGraph): number {
  const between = ['0,2,3,1', '0,3,1,2'];
  return graph.nodes.filter(({ op, attributes }) => op === 'Transpose' && between.includes(String(attributes['perm'])))
    .length;
}

describe('every architecture can be recorded without transposing an image', () => {
  it.each([...architectures, halfResolution])(
    '$name',
    ({ mode, reference, outClasses, decoderPadding, stemStride }) => {
      const config = resolveConfig({ preset: 'tiny', mode, reference, outClasses, decoderPadding, stemStride });
      const windowPx = mode === 'fast' ? 256 : 270;
      const evaluation = traceProgram(createInferenceProgram(config, { height: windowPx, width: windowPx }));
      const training = traceProgram(
        createTrainProgram(config, { batchSize: 2, windowPx, freezeEncoder: false, lossWeights: {} }),
      );
      expect(evaluation.outputs.map(({ name }) => name)).toEqual(['np', 'hv', ...(outClasses > 0 ? ['nc'] : [])]);
      expect(evaluation.graph.nodes.some(({ op }) => op === 'Transpose')).toBe(false);
      expect(training.outputs.some(({ name }) => name.startsWith('gradient/'))).toBe(true);
      expect(countImageTransposes(training.graph)).toBe(0);
    },
  );
});

// Weights that come as ONNX need the runtime, the model and the post-processing, and nothing else.
import { listLoadsOf, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('segments with the shipped weights without loading TensorFlow.js or mathjs', { timeout: 120_000 }, async () => {
  const crop = workspacePath('samples/nucls/Test/Images/test_1.png');
  const loads = await listLoadsOf(
    'inference',
    `import { openSegmenter } from '@hovernet/inference';
     const segmenter = await openSegmenter();
     const { nuclei } = await segmenter.segment('${crop}');
     if (nuclei.length === 0) throw new Error('no nuclei');
     await segmenter.close();`,
  );
  expect(loads.length).toBeGreaterThan(30);
  expect(loads.filter((url) => /tensorflow|mathjs/.test(url))).toEqual([]);
});

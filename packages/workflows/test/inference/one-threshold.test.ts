import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';

it('takes the same post-processing for evaluation and inference, from one place', async () => {
  const [evaluation, inference] = [['train', 'evaluate'], ['inference']] as const;
  const load = (names: readonly ('train' | 'evaluate' | 'inference')[], threshold?: number) =>
    loadConfiguration({
      files: names.map((name) => packagedFile(name)),
      overrides: threshold === undefined ? [] : [['postprocess#marker_threshold', threshold]],
    });
  const standard = await load(inference);
  // Left to the weights, and then to `segmentNuclei`.
  expect(standard.postprocess).toEqual({});
  expect((await load(evaluation)).postprocess).toEqual(standard.postprocess);
  for (const names of [evaluation, inference]) expect((await load(names, 0.3)).postprocess.markerThreshold).toBe(0.3);
});

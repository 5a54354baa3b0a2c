import type { Nucleus } from '@hovernet/core';
import { runReadmeExample } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('the example of the README gives the result that it states', async () => {
  const { readme, values } = await runReadmeExample('postprocess', { names: ['nuclei'] });
  const nuclei = values['nuclei'] as Nucleus[];
  expect(nuclei).toHaveLength(1);
  expect(nuclei[0]).toMatchObject({ id: 1, box: [7, 5, 26, 24], centroid: [16, 14], type: 2 });
  expect(nuclei[0]!.typeProbability).toBeCloseTo(1, 6);
  expect(readme).toContain('{ id: 1, box: [7, 5, 26, 24], centroid: [16, 14], type: 2, typeProbability: 0.999…');
});

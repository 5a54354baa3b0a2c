import { listLoads } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('scores of tiles load no TensorFlow.js', async () => {
  const loads = await listLoads('training', '@hovernet/training/evaluation');
  expect(loads.length).toBeGreaterThan(3);
  expect(loads.filter((url) => url.includes('tensorflow'))).toEqual([]);
});

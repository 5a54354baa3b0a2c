// The entries that run models load no TensorFlow.js.
import { listLoads } from '@hovernet/testing';
import { expect, it } from 'vitest';

it.each(['@hovernet/onnx/node', '@hovernet/onnx/web', '@hovernet/ops/contract'])('%s', async (entry) => {
  const loads = await listLoads('onnx', entry);
  expect(loads.length).toBeGreaterThan(3);
  expect(loads.filter((url) => url.includes('tensorflow'))).toEqual([]);
});

it('would be seen', async () => {
  const loads = await listLoads('onnx', '@hovernet/onnx');
  expect(loads.some((url) => url.includes('@tensorflow/tfjs/'))).toBe(true);
});

// The entries that run models load no TensorFlow.js: processes that import one tell every module that they load.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';

const hooks = workspacePath('tools', 'source-hooks', 'register.mjs');
const report = fileURLToPath(new URL('./report-loads.mjs', import.meta.url));

async function listLoads(statement: string): Promise<string[]> {
  const flags = ['--import', hooks, '--import', report, '--input-type=module', '-e', statement];
  const cwd = workspacePath('packages', 'onnx');
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return stdout.split('\n').filter((line) => line.startsWith('file:'));
}

it.each(['@hovernet/onnx/node', '@hovernet/onnx/web', '@hovernet/ops/contract'])('%s', async (entry) => {
  const loads = await listLoads(`await import('${entry}')`);
  expect(loads.length).toBeGreaterThan(3);
  expect(loads.filter((url) => url.includes('tensorflow'))).toEqual([]);
});

it('would be seen', async () => {
  const loads = await listLoads(`await import('@hovernet/onnx')`);
  expect(loads.some((url) => url.includes('@tensorflow/tfjs/'))).toBe(true);
});

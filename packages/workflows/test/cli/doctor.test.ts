import { expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

interface DoctorOutput {
  readonly node: string;
  readonly engines: readonly { engine: string; provider: string; present: boolean; usable: boolean; reason: string }[];
  readonly runs: string | null;
}

it('tells what runs, and a reason for everything that does not', async () => {
  const run = await runCaptured(['doctor', '--json']);
  expect(run.exitCode).toBe(0);
  const { node, engines, runs } = parseOutput<DoctorOutput>(run);
  expect(node).toBe(process.versions.node);
  expect(runs).toBe('onnx/cpu');
  expect(engines.map(({ provider }) => provider)).toEqual([
    ...['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'],
    ...['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'],
  ]);
  for (const { usable, present, reason } of engines) {
    expect(usable ? present : true).toBe(true);
    expect(reason === '').toBe(usable);
    expect(reason).not.toContain('\n');
  }
});

it('prints a table for people', async () => {
  const { stdout } = await runCaptured(['doctor']);
  expect(stdout).toMatch(/^Node \d+\.\d+\.\d+ on /);
  expect(stdout).toMatch(/^onnx {4}cpu +yes +yes$/m);
});

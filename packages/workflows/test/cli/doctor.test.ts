import { useSoftwareVulkan } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

interface DoctorOutput {
  readonly node: string;
  readonly engines: readonly {
    readonly engine: string;
    readonly provider: string;
    readonly present: boolean;
    readonly usable: boolean;
    readonly reason: string;
    readonly note: string;
  }[];
  readonly runs: string | null;
  readonly auto: Readonly<Record<'onnx' | 'tfjs', string | null>>;
}

// The tests run the sources, whose probes share this process and what it prints.
useSoftwareVulkan();

it('tells what runs, and a reason for everything that does not', async () => {
  const run = await runCaptured(['doctor', '--json']);
  expect(run.exitCode).toBe(0);
  const { node, engines, runs, auto } = parseOutput<DoctorOutput>(run);
  expect(node).toBe(process.versions.node);
  expect(runs).toBe('onnx/cpu');
  expect(auto.onnx).toBe('cpu');
  const chosen = engines.find(({ engine, provider }) => engine === 'tfjs' && provider === auto.tfjs);
  expect(chosen).toMatchObject({ usable: true, note: '' });
  expect(engines).toHaveLength(10);
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
  expect(stdout).toMatch(/^tfjs {4}cpu +yes +yes$/m);
  expect(stdout).toMatch(/^onnx\/cpu runs unless engine#provider says otherwise; with engine#name tfjs, tfjs\/\w+\.$/m);
});

import { createSilentReporter } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import type { BenchCase } from '../src/bench-case.js';
import { benchTransforms } from '../src/bench-transforms.js';

const kinds = [
  'prepare',
  'hover-maps',
  'validation',
  'train-blur',
  'train-median',
  'train-noise',
  'train-stain-elastic',
];
const sides = [270, 540, 1080];

async function measure(runs: number): Promise<BenchCase[]> {
  const context = { signal: new AbortController().signal, reporter: createSilentReporter() };
  const cases: BenchCase[] = [];
  for await (const measured of benchTransforms({ runs }, context)) cases.push(measured);
  return cases;
}

describe('bench transforms', () => {
  it('measures each step of a patch at three sizes, in a time that grows with the pixels', async () => {
    const cases = await measure(2);
    expect(cases.map((measured) => measured.case)).toEqual(
      sides.flatMap((side) => kinds.map((kind) => `${kind} ${side}x${side}`)),
    );
    const cpuOf = (kind: string, side: number) =>
      cases.find((measured) => measured.case === `${kind} ${side}x${side}`)!.min_cpu_ms!;
    for (const kind of kinds) {
      // Sixteen times the pixels and nuclei: 16 times the work, 256 times where each nucleus looked at every pixel.
      expect(cpuOf(kind, 1080) / cpuOf(kind, 270), kind).toBeLessThan(64);
    }
    expect(cases.map(({ nuclei }) => nuclei! > 0)).not.toContain(false);
    expect(cases[0]).toMatchObject({ runs: 2, engine: 'javascript', threads: 1, gflops: null });
  });
});

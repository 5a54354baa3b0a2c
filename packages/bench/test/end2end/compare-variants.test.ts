import { expect, it } from 'vitest';
import type { BenchCase } from '../../src/bench-case.js';
import { compareVariants } from '../../src/end2end/compare-variants.js';

const measured = (name: string, variant: string, median_ms: number): BenchCase => {
  const [provider, precision] = variant.split(' ') as [string, string];
  const engine = { engine: 'onnx', provider, precision, threads: 2 };
  return { case: name, median_ms, min_ms: median_ms, runs: 1, gflops: null, peak_rss_mb: 1, ...engine, min_cpu_ms: 2 };
};

// The bundle's table, whose first column is PyTorch in float32; the last variant failed after its first case.
const cases = [
  measured('model_computation', 'cpu float32', 24.55),
  measured('end2end', 'cpu float32', 3451),
  measured('model_computation', 'tensorrt float16', 5.63),
  measured('end2end', 'tensorrt float16', 878),
  measured('model_computation', 'tensorrt int8', 2.455),
];

it('speed-ups are times of the first variant over those of each', () => {
  const [computation, whole] = compareVariants(cases);
  expect(computation!.ms).toEqual({ 'cpu float32': 24.55, 'tensorrt float16': 5.63, 'tensorrt int8': 2.455 });
  expect(computation!.speedup['tensorrt float16']).toBeCloseTo(4.36, 2);
  expect(computation!.speedup['tensorrt int8']).toBeCloseTo(10, 10);
  expect(whole!.speedup).toEqual({ 'cpu float32': 1, 'tensorrt float16': 3451 / 878 });
});

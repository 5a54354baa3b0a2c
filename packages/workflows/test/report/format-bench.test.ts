import { expect, it } from 'vitest';
import type { BenchCase } from '@hovernet/bench';
import { formatVariants } from '../../src/report/format-bench.js';

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

it('the table has a line for each variant, with gaps where nothing was measured', () => {
  const lines = formatVariants(cases).split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    [
      ...['onnx', 'model_computation ms', 'end2end ms', 'speedup model_computation', 'speedup end2end'],
      ...['model_computation cpu ms', 'end2end cpu ms'],
    ],
    expect.anything(),
    ['cpu float32', '24.55', '3451', '1.00', '1.00', '2', '2'],
    ['tensorrt float16', '5.63', '878', '4.36', '3.93', '2', '2'],
    ['tensorrt int8', '2.46', '–', '10.00', '–', '2', '–'],
  ]);
});

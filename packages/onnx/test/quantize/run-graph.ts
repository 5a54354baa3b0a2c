// Runs graphs in ONNX Runtime for tests of quantisation.
import { runModelNatively, runModelOnWeb, type ModelArrays } from '@hovernet/testing';
import { encodeModel } from '../../src/encode-model.js';
import type { OnnxGraph } from '../../src/graph.js';
import type { GraphFeeds, StartGraph } from '../../src/quantize/collect-statistics.js';

export interface RunOptions {
  /** `all` runs convolutions of codes in integers, `disabled` as the nodes say, in float32. @default 'all' */
  readonly optimization?: 'all' | 'disabled';
  readonly runtime?: 'native' | 'web';
}

/** Elements of each output by name. */
export async function runGraph(
  graph: OnnxGraph,
  feeds: GraphFeeds,
  { optimization = 'all', runtime = 'native' }: RunOptions = {},
): Promise<Record<string, number[]>> {
  const arrays: ModelArrays = Object.fromEntries(
    graph.inputs.map(({ name, dims }) => [name, { data: feeds[name]!, dims }]),
  );
  const run = runtime === 'native' ? runModelNatively : runModelOnWeb;
  const results = await run(encodeModel(graph), arrays, { graphOptimizationLevel: optimization });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
}

export const startGraph: StartGraph = (graph) =>
  Promise.resolve({ run: (feeds) => runGraph(graph, feeds), dispose: () => Promise.resolve() });

/** Root of the mean squared difference, relative to the root mean square of `exact`. */
export function relativeError(actual: readonly number[], exact: readonly number[]): number {
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares(actual.map((value, i) => value - exact[i]!)) / squares(exact));
}

// Runs a graph in a session as it is: for calibration, which looks at values inside.
import type { HostData } from '@hovernet/ops/contract';
import { encodeModel } from '../encode-model.js';
import type { OnnxGraph } from '../graph.js';
import type { GraphRunner } from '../quantize/collect-statistics.js';
import { openSession, type SessionOptions } from './open-session.js';

/** Starts a session on `graph` in float32, on the CPU. */
export async function startGraph(
  graph: OnnxGraph,
  { threads, thread }: Pick<SessionOptions, 'threads' | 'thread'> = {},
): Promise<GraphRunner> {
  const inputs = graph.inputs.map(({ name, type, dims }) => ({ name, type: type as 'float32' | 'int32', dims }));
  const subject = { program: 'calibration', model: encodeModel(graph), inputs };
  const session = await openSession(subject, { ...(threads !== undefined && { threads }), ...(thread && { thread }) });
  return {
    run: async (feeds) => {
      const results = await session.thread.run(feeds as Record<string, HostData>);
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]));
    },
    dispose: () => session.thread.close(),
  };
}

// The doctor workflow: what this machine has and lacks.
import { formatTable } from '../report/format-table.js';
import type { WorkflowOutcome } from '../workflow-context.js';
import { availableParallelism, totalmem } from 'node:os';
import { probeEngines } from './probe-engines.js';

/** Node, processors, memory, engines. */
export async function runDoctor(): Promise<WorkflowOutcome> {
  const { engines, runs } = await probeEngines();
  const node = process.versions.node;
  const threads = availableParallelism();
  const memory = Math.round(totalmem() / 2 ** 20);
  const rows = engines.map(({ engine, provider, present, usable, reason }) => {
    return [engine, provider, present ? 'yes' : 'no', usable ? 'yes' : 'no', reason];
  });
  const summary = [
    `Node ${node} on ${process.platform} ${process.arch}, ${threads} processors, ${memory} MiB`,
    '',
    formatTable(['engine', 'provider', 'present', 'usable', 'why not'], rows),
    '',
    runs === null
      ? 'The default engine, onnx/cpu, is not usable.'
      : `${runs} runs unless engine#provider says otherwise.`,
  ].join('\n');
  const document = { node, platform: process.platform, arch: process.arch, threads, memory_mb: memory, engines, runs };
  return { document, summary };
}

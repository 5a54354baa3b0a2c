// The doctor workflow: what this machine has and lacks.
import { formatTable } from '../report/format-table.js';
import type { WorkflowOutcome } from '../workflow-context.js';
import { availableParallelism, totalmem } from 'node:os';
import { probeEngines, type EngineReport } from './probe-engines.js';

/** Node, processors, memory, engines. */
export async function runDoctor(): Promise<WorkflowOutcome> {
  return describeMachine(await probeEngines());
}

/** The outcome of a report on this machine's engines. */
export function describeMachine({ engines, runs, auto }: EngineReport): WorkflowOutcome {
  const node = process.versions.node;
  const threads = availableParallelism();
  const memory = Math.round(totalmem() / 2 ** 20);
  const rows = engines.map(({ engine, provider, present, usable, reason, note }) => {
    return [engine, provider, present ? 'yes' : 'no', usable ? 'yes' : 'no', reason || note];
  });
  const tfjs = auto.tfjs === null ? 'no backend of tfjs is usable' : `with engine#name tfjs, tfjs/${auto.tfjs}`;
  const summary = [
    `Node ${node} on ${process.platform} ${process.arch}, ${threads} processors, ${memory} MiB`,
    '',
    formatTable(['engine', 'provider', 'present', 'usable', 'remarks'], rows),
    '',
    runs === null
      ? `The default, onnx/cpu, is not usable; ${tfjs}.`
      : `${runs} runs unless engine#provider says otherwise; ${tfjs}.`,
  ].join('\n');
  const { platform, arch } = process;
  const document = { node, platform, arch, threads, memory_mb: memory, engines, runs, auto };
  return { document, summary };
}

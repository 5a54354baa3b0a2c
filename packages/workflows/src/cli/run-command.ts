// Runs one command's work and brings its result to the right stream.
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { escapeControls, escapeControlsInLines } from '../report/escape-controls.js';
import { createReporter } from '../report/reporter.js';
import type { CommandIo, CommonFlags } from './command-io.js';
import { exitCodes } from '../report/describe-error.js';

/** The work of a command; it loads what it needs itself. */
export type CommandWork = (context: WorkflowContext) => Promise<WorkflowOutcome>;

/** Runs `work`, prints its outcome and gives the exit code. Errors pass through. */
export async function runCommand(io: CommandIo, flags: CommonFlags, work: CommandWork): Promise<number> {
  const { json = false, verbose = false } = flags;
  const reporter = createReporter(io.stderr, { verbose });
  const outcome = await work({ signal: io.signal, reporter, json });
  const text = escapeControlsInLines(
    json ? (JSON.stringify(outcome.document, replaceNonFinite) ?? '') : outcome.summary,
  );
  if (text !== '') io.stdout.write(`${text}\n`);
  const failures = outcome.failures ?? [];
  for (const failure of failures) reporter.message(escapeControls(failure));
  return failures.length === 0 ? exitCodes.done : exitCodes.partlyFailed;
}

/** JSON has neither NaN nor infinities; what is undefined, such as the Dice of an empty image, is null there. */
function replaceNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

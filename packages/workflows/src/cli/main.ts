// Entry of the `hovernet` command.
import { CommanderError } from 'commander';
import { HovernetError } from '@hovernet/core';
import type { CommandIo } from './command-io.js';
import { describeError, exitCodes } from '../report/describe-error.js';
import { createProgram } from './program.js';

/** Runs `hovernet ARGUMENTS` and gives its exit code; never throws. */
export async function runHovernet(commandArguments: readonly string[], io: CommandIo): Promise<number> {
  let exitCode: number = exitCodes.done;
  try {
    await createProgram(io, (code) => (exitCode = code)).parseAsync([...commandArguments], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode;
    const cause: unknown = io.signal.aborted ? io.signal.reason : error;
    const description = describeError(cause, { verbose: commandArguments.includes('--verbose') });
    io.stderr.write(`hovernet: ${description.text}\n`);
    return description.exitCode;
  }
}

/** Runs this process's command line. The first Ctrl-C asks the work to stop, the second one ends the process. */
export async function main(): Promise<void> {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('stopping; press Ctrl-C again to stop at once\n');
    controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  });
  const { stdout, stderr } = process;
  process.exitCode = await runHovernet(process.argv.slice(2), { stdout, stderr, signal: controller.signal });
}

/** Help was asked for, or printed because no command was given. */
function isHelp(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
}

// Entry of the `hovernet` command.
import { CommanderError } from 'commander';
import type { CommandIo } from './command-io.js';
import { describeError, exitCodes } from '../report/describe-error.js';
import { listenForEndings } from './interruption.js';
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

/** Runs this process's command line. Signals that ask it to end stop the work; a second one ends the process. */
export async function main(): Promise<void> {
  const { stdout, stderr } = process;
  let isLost = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads has enough, as `head` does.
    if (error.code === 'EPIPE') return;
    isLost = true;
    process.exitCode = exitCodes.failed;
    stderr.write(`hovernet: standard output cannot be written: ${describeError(error, { verbose: false }).text}\n`);
  });
  // Messages that nobody can read do not end the work.
  stderr.on('error', () => undefined);
  const signal = listenForEndings(stderr);
  const exitCode = await runHovernet(process.argv.slice(2), { stdout, stderr, signal });
  process.exitCode = isLost ? exitCodes.failed : exitCode;
}

/** Help was asked for, or printed because no command was given. */
function isHelp(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
}

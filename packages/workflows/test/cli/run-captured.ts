// Runs the command line in this process and keeps what it writes.
import { runHovernet } from '../../src/cli/main.js';

export interface CapturedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `onMessage` hears what goes to standard error when it is written. */
export async function runCaptured(
  words: readonly string[],
  signal: AbortSignal = new AbortController().signal,
  onMessage: (text: string) => void = () => undefined,
): Promise<CapturedRun> {
  const written = { stdout: '', stderr: '' };
  const stdout = { write: (text: string) => void (written.stdout += text) };
  const stderr = {
    write: (text: string) => {
      written.stderr += text;
      onMessage(text);
    },
  };
  const exitCode = await runHovernet(words, { stdout, stderr, signal });
  return { exitCode, ...written };
}

/** What `--json` printed: one document and nothing else. */
export function parseOutput<T>(run: CapturedRun): T {
  return JSON.parse(run.stdout) as T;
}

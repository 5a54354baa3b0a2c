// Tries one engine in a process of its own: native libraries print what they like, and may end the process.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { probeTarget, type ProbeResult, type ProbeSettings, type ProbeTarget } from './probe-target.js';

/** What came of a try. */
export interface ProbeOutcome {
  /** Undefined where the process ended without one. */
  readonly result: ProbeResult | undefined;
  /** What it printed. */
  readonly output: string;
  /** How the process ended without a result; empty where there is one. */
  readonly death: string;
}

export interface RunProbeOptions extends ProbeSettings {
  /** Program of the process; takes target and settings as JSON and sends a ProbeResult. @default probe-child.js beside this file */
  readonly childPath?: string;
  /** @default 60000 */
  readonly timeoutMs?: number;
}

const builtChild = fileURLToPath(new URL('./probe-child.js', import.meta.url));

/** Never throws. Sources cannot be started as a process: from there, the try is made in this one. */
export async function runProbe(target: ProbeTarget, options: RunProbeOptions = {}): Promise<ProbeOutcome> {
  const { childPath = builtChild, timeoutMs = 60_000, ...settings } = options;
  if (!existsSync(childPath)) return { result: await probeTarget(target, settings), output: '', death: '' };
  return new Promise((resolve) => {
    const words = [target, settings].map((value) => JSON.stringify(value));
    const child = fork(childPath, words, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let result: ProbeResult | undefined;
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('message', (message) => (result = message as ProbeResult));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const death = late
        ? `no answer within ${timeoutMs / 1000} s`
        : `the process ended with ${signal ?? `code ${code}`}`;
      resolve({ result, output, death: result ? '' : death });
    });
  });
}

// An error as one sentence and an exit code.
import { HovernetError } from '@hovernet/core';
import { CommanderError } from 'commander';
import { getSystemErrorMap } from 'node:util';
import { escapeControls } from './escape-controls.js';

/** Exit codes: wrong use or bad input; some inputs failed and the rest is done; interrupted. */
export const exitCodes = { done: 0, failed: 1, partlyFailed: 2, interrupted: 130 } as const;

export interface ErrorDescription {
  /** One line; with `verbose` also the stack traces of the error and its causes. */
  readonly text: string;
  readonly exitCode: number;
}

export function describeError(error: unknown, options: { readonly verbose: boolean }): ErrorDescription {
  const sentence = toSentence(error);
  const text = options.verbose && !(error instanceof CommanderError) ? `${sentence}\n${traceOf(error)}` : sentence;
  return { text, exitCode: isInterruption(error) ? exitCodes.interrupted : exitCodes.failed };
}

function toSentence(error: unknown): string {
  if (isInterruption(error)) return 'interrupted';
  if (error instanceof HovernetError) return oneLine(error.message);
  if (error instanceof CommanderError) return oneLine(error.message.replace(/^error: /, ''));
  const fileProblem = describeSystemError(error);
  if (fileProblem) return fileProblem;
  const message = error instanceof Error ? error.message : String(error);
  return `unexpected problem: ${oneLine(message) || 'no message'}; run with --verbose for details`;
}

/** `PATH: problem` for an error of the operating system that names a file, such as a full disk. */
function describeSystemError(error: unknown): string | undefined {
  const { errno, path } = (error ?? {}) as NodeJS.ErrnoException;
  const problem = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  return problem && path ? `${escapeControls(path)}: ${problem}` : undefined;
}

function isInterruption(error: unknown): boolean {
  if (error instanceof HovernetError) return error.code === 'INTERRUPTED';
  return error instanceof Error && error.name === 'AbortError';
}

function oneLine(text: string): string {
  return escapeControls(text.trim().replace(/\s*\n\s*/g, ' '));
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${traceOf(error.cause)}`;
}

// What is wrong with a backend of TensorFlow.js on this machine.
import { HovernetError } from '@hovernet/core';

/** A backend cannot be had here; `code` is ENGINE_FAILED. */
export class BackendError extends HovernetError {
  readonly backend: string;
  /** `missing`: its package is not installed; `failed`: it is, and does not work here. */
  readonly problem: 'missing' | 'failed';
  /** The message without the name of the backend: expected …, got …; remedy. */
  readonly explanation: string;

  constructor(backend: string, problem: 'missing' | 'failed', explanation: string, cause?: unknown) {
    super('ENGINE_FAILED', `TensorFlow.js backend ${backend}: ${explanation}`, { cause });
    this.backend = backend;
    this.problem = problem;
    this.explanation = explanation;
  }
}

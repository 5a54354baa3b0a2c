import { HovernetError } from '@hovernet/core';

/** The engine could not start a session or run it. */
export class EngineError extends HovernetError {
  constructor(message: string, cause?: unknown) {
    super('ENGINE_FAILED', message, { cause });
  }
}

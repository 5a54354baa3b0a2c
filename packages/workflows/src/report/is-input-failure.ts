// Which errors are one input's, so that others may go on.
import { HovernetError } from '@hovernet/core';

/** Whether `error` tells what is wrong with an input or a way to run, rather than that the user stopped, or a defect. */
export function isInputFailure(error: unknown): error is HovernetError {
  return error instanceof HovernetError && error.code !== 'INTERRUPTED';
}

// Runs work that several processes share, so that none of them waits for one that has failed.
import type { Reporter } from '@hovernet/core';
import { describeError } from '../report/describe-error.js';
import type { Communicator } from './communicator.js';

/**
 * The result of `work`. Where it fails in one of several processes, that one says so and ends them all.
 */
export async function runTogether<Result>(
  communicator: Communicator,
  reporter: Reporter,
  work: () => Promise<Result>,
): Promise<Result> {
  const { rank, size } = communicator;
  try {
    const result = await work();
    communicator.close();
    return result;
  } catch (error) {
    if (size === 1) throw error;
    const { text, exitCode } = describeError(error, { verbose: false });
    reporter.message(`hovernet: process ${rank + 1} of ${size}: ${text}; all processes stop`);
    communicator.abort(exitCode);
    throw error;
  }
}

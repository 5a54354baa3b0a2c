// Processes that train together: what one tells the others.

/** The processes of a training run. All of them call the same methods in the same order. */
export interface Communicator {
  /** This process' number, 0 … size − 1; 0 writes files and reports. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Replaces `values` by their sums, element by element, over all processes; the same bytes in each of them. */
  sum(values: Float32Array | Float64Array): void;
  /** The values of every process, one after the other in the order of their ranks; all give equally many. */
  gather(values: Float32Array): Float32Array;
  /** Waits until every process is here. */
  wait(): void;
  /** Ends all processes at once with `exitCode`, where others would wait for this one forever. */
  abort(exitCode: number): void;
  /** Leaves in good order; waits for the others. */
  close(): void;
}

/** A run of one process. */
export function createSingleCommunicator(): Communicator {
  return {
    rank: 0,
    size: 1,
    sum() {},
    gather: (values) => values.slice(),
    wait() {},
    abort() {},
    close() {},
  };
}

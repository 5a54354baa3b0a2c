// Where the cells of a slide are kept as they are done, so that an interrupted run goes on.

export interface CellJournal {
  /**
   * Numbers of the cells that an interrupted run of the same job left. `job` is plain data: everything that results depend on. What
   * another job left is removed.
   */
  open(job: Readonly<Record<string, unknown>>): Promise<ReadonlySet<number>>;
  read(index: number): Promise<Uint8Array>;
  /** Keeps a cell; once the promise is fulfilled, it outlives the process. */
  write(index: number, bytes: Uint8Array): Promise<void>;
  /** The result is written: nothing needs to be kept. */
  remove(): Promise<void>;
}

// Where long work reports what it does: messages, details, progress.

/** Receives what a long computation reports. */
export interface Reporter {
  /** One line that everyone should see. */
  message(text: string): void;
  /** One line for those who asked for details. */
  detail(text: string): void;
  /** Starts a progress display; the caller finishes it, also when its work fails. */
  startProgress(options: ProgressOptions): Progress;
}

export interface ProgressOptions {
  /** What is being done, for example `epoch 3/20`. */
  readonly label: string;
  /** Number of steps. */
  readonly total: number;
  /** What a step is, in the plural. @default 'steps' */
  readonly unit?: string;
}

export interface Progress {
  /** `done` steps are finished in all; `values` are shown behind the bar, in their order. */
  update(done: number, values?: Readonly<Record<string, string>>): void;
  /** Ends the display and leaves its last state in view. */
  finish(): void;
}

/** A reporter that drops everything. */
export function createSilentReporter(): Reporter {
  return {
    message() {},
    detail() {},
    startProgress: () => ({ update() {}, finish() {} }),
  };
}

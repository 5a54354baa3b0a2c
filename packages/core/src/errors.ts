// Errors with a code and typed fields; the message is one sentence: operation, expected, got, where, remedy.

/** What kind of thing went wrong; scripts may rely on it. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'INVALID_SHAPE'
  | 'INVALID_FILE'
  | 'MISSING_FILE'
  | 'INVALID_CONFIG'
  | 'INVALID_WEIGHTS'
  | 'UNSUPPORTED'
  | 'TRACE_FAILED'
  | 'ENGINE_FAILED'
  | 'DOWNLOAD_FAILED'
  | 'WORKER_FAILED'
  | 'INTERRUPTED';

/** Base of every error that this project throws on purpose. */
export class HovernetError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    // A present but undefined cause would be printed.
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }

  /** Name of the class; inherited, so that the stack, which is taken before any field is set, begins with it. */
  override get name(): string {
    return this.constructor.name;
  }
}

/** An argument outside its domain. */
export class ArgumentError extends HovernetError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INVALID_ARGUMENT', message, options);
  }
}

/** An array of a wrong rank, shape or element type. */
export class ShapeError extends HovernetError {
  readonly expected: string;
  readonly actual: string;

  /** `operation` names the function and the argument, for example `segmentNuclei: hv`. */
  constructor(operation: string, expected: string, actual: string, remedy = '') {
    super('INVALID_SHAPE', `${operation}: expected ${expected}, got ${actual}${remedy && `; ${remedy}`}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A file that is missing, truncated, or not what it should be. */
export class FileError extends HovernetError {
  readonly path: string;

  constructor(path: string, problem: string, options: { missing?: boolean; cause?: unknown } = {}) {
    super(options.missing ? 'MISSING_FILE' : 'INVALID_FILE', `${path}: ${problem}`, { cause: options.cause });
    this.path = path;
  }
}

/** A configuration value that is unknown, missing or of a wrong type. */
export class ConfigError extends HovernetError {
  /** Path of the value, its parts joined by `#`. */
  readonly id: string;

  constructor(id: string, problem: string, options?: { cause?: unknown }) {
    super('INVALID_CONFIG', `configuration ${id}: ${problem}`, options);
    this.id = id;
  }
}

/** Weights that do not fit the network. */
export class WeightsError extends HovernetError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INVALID_WEIGHTS', message, options);
  }
}

/** Something that exists but is not supported here. */
export class UnsupportedError extends HovernetError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('UNSUPPORTED', message, options);
  }
}

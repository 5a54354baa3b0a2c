// Errors on their way between threads: class, message, code, fields, stack and causes stay what they are.
import * as core from '@hovernet/core';

/** An error as plain data. */
export interface PackedError {
  readonly className: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields that are plain values. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: PackedError | undefined;
}

const languageErrors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** Classes that arrive as they left. */
const classes: Readonly<Record<string, unknown>> = { ...core, ...languageErrors };

/** What was thrown, as plain data. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) {
    return { className: 'Error', message: String(error), stack: undefined, fields: {}, cause: undefined };
  }
  const isForeign = error instanceof core.HovernetError && !(error.name in classes);
  return {
    // Subclasses of other packages stay errors of this project, with their code.
    className: isForeign ? core.HovernetError.name : error.name,
    message: error.message,
    stack: error.stack,
    fields: Object.fromEntries(Object.entries(error).filter(([, value]) => isPlain(value))),
    cause: error.cause === undefined ? undefined : packError(error.cause),
  };
}

/** The error again; of a class that is not known here only the name stays. */
export function unpackError({ className, message, stack, fields, cause }: PackedError): Error {
  const error = new Error(message, cause && { cause: unpackError(cause) });
  if (stack !== undefined) error.stack = stack;
  const known = classes[className];
  if (typeof known === 'function') Object.setPrototypeOf(error, known.prototype as object);
  else Object.defineProperty(error, 'name', { value: className, configurable: true });
  return Object.assign(error, fields);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) || value === null;
}

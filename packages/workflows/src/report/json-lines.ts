// A log of one JSON document a line, which other programs can follow while it grows.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** An open log file. */
export interface JsonLinesWriter {
  /** Appends `record` as one line, in one write, so that a reader never sees half a line. */
  write(record: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export interface JsonLinesOptions {
  /** Keeps what the file holds already, for a resumed run. @default false */
  readonly append?: boolean;
}

/** Opens `path` for writing and creates its folder where it is missing. NaN and infinities are written as null. */
export function openJsonLines(path: string, options: JsonLinesOptions = {}): JsonLinesWriter {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, options.append ? 'a' : 'w');
  return {
    write: (record) => void writeSync(file, `${JSON.stringify(record)}\n`),
    close: () => closeSync(file),
  };
}

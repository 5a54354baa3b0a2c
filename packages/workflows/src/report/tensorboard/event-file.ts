// Event files that TensorBoard shows: scalars by name and step (tensorflow/core/util/event.proto, summary.proto).
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecord } from './encode-record.js';

/** An open event file. */
export interface EventFile {
  /** Appends one event with `values`, by name such as `train/loss`; numbers that are not finite are written as they are. */
  write(step: number, values: Readonly<Record<string, number>>): void;
  close(): void;
}

/** What an event file's name and times are made of. */
export interface EventFileOptions {
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Ends the name, to tell files of one second apart. @default the process' id */
  readonly suffix?: string;
}

/**
 * Begins a file `events.out.tfevents.SECONDS.SUFFIX` in `folder`, which is made where it is missing. TensorBoard joins the
 * files of one folder: a resumed run begins another one.
 */
export function openEventFile(folder: string, options: EventFileOptions = {}): EventFile {
  const { now = Date.now, suffix = `hovernet.${process.pid}` } = options;
  mkdirSync(folder, { recursive: true });
  const seconds = String(Math.floor(now() / 1000)).padStart(10, '0');
  const file = openSync(join(folder, `events.out.tfevents.${seconds}.${suffix}`), 'a');
  const append = (event: BinaryWriter) => void writeSync(file, encodeRecord(event.finish()));
  append(startEvent(now()).tag(3, WireType.LengthDelimited).string('brain.Event:2'));
  return {
    write(step, values) {
      const event = startEvent(now()).tag(2, WireType.Varint).int64(step);
      append(event.tag(5, WireType.LengthDelimited).bytes(encodeSummary(values)));
    },
    close: () => closeSync(file),
  };
}

function startEvent(milliseconds: number): BinaryWriter {
  return new BinaryWriter().tag(1, WireType.Bit64).double(milliseconds / 1000);
}

function encodeSummary(values: Readonly<Record<string, number>>): Uint8Array {
  const summary = new BinaryWriter();
  for (const [tag, value] of Object.entries(values)) {
    const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag);
    // Not `float`, which refuses what is beyond its range; TensorBoard shows infinities.
    entry.tag(2, WireType.Bit32).raw(new Uint8Array(Float32Array.of(value).buffer));
    summary.tag(1, WireType.LengthDelimited).bytes(entry.finish());
  }
  return summary.finish();
}

// The state of an unpickling: where it reads, its stack with marks, and its memo. Everything is bounds-checked.
import { FileError } from '@hovernet/core';
import type { MemoryBudget } from '../../memory-budget.js';
import { createPickleError, type PickleValue } from './pickle-value.js';

/** What a pickle may ask for outside of itself. */
export interface PickleHost {
  /** The stand-in for the function or class of this name. Throws for those that are not allowed. */
  readonly findGlobal: (name: string) => PickleValue;
  /** What a call of `callee` stands for; no code is run. */
  readonly call: (callee: PickleValue, args: PickleValue) => PickleValue;
  /** What a reference to something outside of the pickle stands for. */
  readonly loadPersistent: (id: PickleValue) => PickleValue;
}

/** About what values take in memory. */
export const pickleBytes = { value: 16, list: 64, item: 16, dictionary: 256, entry: 48 } as const;

const text = new TextDecoder('utf-8', { fatal: true });

export class PickleMachine {
  private readonly view: DataView;
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  /** `position` is where the pickle begins in `bytes`; `memory` is charged for what is made. */
  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
    readonly source: string,
    readonly host: PickleHost,
    readonly memory: MemoryBudget,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves over `length` bytes and returns where they begin. */
  skip(length: number): number {
    const start = this.position;
    if (!(length <= this.bytes.length - start)) throw new FileError(this.source, 'its pickle is truncated');
    this.position += length;
    return start;
  }

  readUint8(): number {
    return this.bytes[this.skip(1)]!;
  }

  readUint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  readUint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  readInt32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  readUint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  /** Big-endian, unlike the rest. */
  readFloat64(): number {
    return this.view.getFloat64(this.skip(8));
  }

  readBytes(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  readText(length: number): string {
    const encoded = this.readBytes(length);
    this.memory.take(2 * length);
    try {
      return text.decode(encoded);
    } catch (cause) {
      throw new FileError(this.source, 'damaged pickle: expected text in UTF-8', { cause });
    }
  }

  readLine(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    const line = this.readText((end < 0 ? Infinity : end) - this.position);
    this.position++;
    return line;
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const top = this.top();
    this.stack.length--;
    return top;
  }

  top(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw createPickleError(this.source, 'a value', undefined);
    return this.stack.at(-1)!;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** Everything above the last mark, which is removed. */
  popMark(): PickleValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw createPickleError(this.source, 'a mark', undefined);
    return this.stack.splice(start);
  }

  get memoSize(): number {
    return this.memo.size;
  }

  memoize(index: number): void {
    this.memory.take(pickleBytes.entry);
    this.memo.set(index, this.top());
  }

  recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw createPickleError(this.source, `memo entry ${index}`, undefined);
    return value;
  }
}

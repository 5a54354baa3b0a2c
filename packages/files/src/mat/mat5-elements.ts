// The building blocks of MAT v5 files: tagged data elements, padded to eight bytes, small ones packed into their tag.
import { FileError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { decodeElements, elementBytes, type NumericData, type NumericDtype } from '../numeric-array.js';

/** Types of data elements that are not numbers. */
export const elementTypes = { matrix: 14, compressed: 15, utf8: 16, utf16: 17, utf32: 18 } as const;

const numericTypes: Readonly<Record<number, NumericDtype>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
};

/** One data element. */
export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads data elements one after the other; every position is checked. */
export class MatElementReader {
  private position = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly budget: MemoryBudget,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What to name in errors. */
  get source(): string {
    return this.budget.source;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** A reader of the same file over `bytes`. */
  within(bytes: Uint8Array): MatElementReader {
    return new MatElementReader(bytes, this.littleEndian, this.budget);
  }

  /** The next element. @throws FileError if it goes beyond the end. */
  next(): MatElement {
    if (this.remaining < 8) throw this.truncated();
    const word = this.view.getUint32(this.position, this.littleEndian);
    const packedLength = word >>> 16;
    if (packedLength > 0) {
      if (packedLength > 4) throw new FileError(this.source, 'damaged MAT file: small element of more than 4 bytes');
      const start = this.position + 4;
      this.position += 8;
      return { type: word & 0xffff, bytes: this.bytes.subarray(start, start + packedLength) };
    }
    const length = this.view.getUint32(this.position + 4, this.littleEndian);
    const start = this.position + 8;
    if (length > this.bytes.length - start) throw this.truncated();
    // Compressed elements are not padded, and the padding of the last element may be missing.
    const padding = word === elementTypes.compressed ? 0 : (8 - (length % 8)) % 8;
    this.position = Math.min(start + length + padding, this.bytes.length);
    return { type: word, bytes: this.bytes.subarray(start, start + length) };
  }

  /** The numbers of `element`. @throws FileError if it is of another type or not a whole number of them. */
  numbers(element: MatElement): NumericData {
    const dtype = numericTypes[element.type];
    if (!dtype)
      throw new FileError(this.source, `damaged MAT file: expected numbers, got element type ${element.type}`);
    const usable = element.bytes.length - (element.bytes.length % elementBytes(dtype));
    return decodeElements(element.bytes.subarray(0, usable), dtype, this.littleEndian);
  }

  /**
   * The next element's integers: flags, shapes, lengths of names; of more than 64 only the first ones.
   * @throws FileError if one is no integer that numbers hold exactly.
   */
  nextIntegers(): number[] {
    return this.toIntegers(Array.from(this.numbers(this.next()).subarray(0, 65), Number));
  }

  /** The next element's integers: rows and column starts of sparse matrices. */
  nextIndices(): Int32Array {
    const numbers = this.numbers(this.next());
    return Int32Array.from(numbers instanceof Int32Array ? numbers : this.toIntegers(Array.from(numbers, Number)));
  }

  /** The next element's text: names of variables, fields and classes. */
  nextName(): string {
    return new TextDecoder().decode(this.next().bytes);
  }

  /** The characters of `element` as Unicode code points (UTF-16 units where it is stored so). */
  characters(element: MatElement): Uint32Array {
    const text = (label: string) => new TextDecoder(label).decode(element.bytes);
    if (element.type === elementTypes.utf8) return codePoints(text('utf-8'));
    if (element.type === elementTypes.utf16) return codePoints(text(this.littleEndian ? 'utf-16le' : 'utf-16be'));
    if (element.type === elementTypes.utf32) return this.numbers({ type: 6, bytes: element.bytes }) as Uint32Array;
    return Uint32Array.from(this.numbers(element), Number);
  }

  private toIntegers(numbers: number[]): number[] {
    const odd = numbers.find((value) => !Number.isSafeInteger(value));
    if (odd === undefined) return numbers;
    throw new FileError(this.source, `damaged MAT file: expected a length or a count, got ${odd}`);
  }

  private truncated(): FileError {
    return new FileError(this.source, 'truncated or damaged MAT file; copy or save it again');
  }
}

function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (character) => character.codePointAt(0)!);
}

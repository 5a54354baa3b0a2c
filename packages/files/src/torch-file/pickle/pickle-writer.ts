// Writes values as a pickle of protocol 2, tensors as torch.save does.
import { ArgumentError } from '@hovernet/core';
import type { StoredDtype } from '../../stored-tensor.js';

/** The classes that PyTorch has for storages; the newer unsigned types are named where a tensor is made of plain bytes. */
const storageClasses: Partial<Record<StoredDtype, string>> = {
  float64: 'DoubleStorage',
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  int64: 'LongStorage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
};

/** A contiguous tensor that fills its storage. */
export interface PickledTensor {
  readonly key: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Elements and bytes of the storage. */
  readonly count: number;
  readonly size: number;
}

const longestInteger = 64;

/** Methods append what they are named for; nothing is checked for being a whole value. */
export class PickleWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private readonly encoder = new TextEncoder();

  begin(): void {
    this.put(0x80, 2);
  }

  /** Ends the pickle and returns it. */
  end(): Uint8Array {
    this.put(0x2e);
    return this.bytes.slice(0, this.length);
  }

  constant(value: null | boolean): void {
    this.put(value === null ? 0x4e : value ? 0x88 : 0x89);
  }

  /** Whole numbers become Python's `int`, others `float`. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.put(0x47);
      this.reserve(8).setFloat64(0, value);
    } else if (value === (value | 0)) {
      this.put(0x4a);
      this.putUint32(value);
    } else {
      this.integer(BigInt(value));
    }
  }

  /** Two's complement. @throws ArgumentError for more than 64 bytes. */
  integer(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(BigInt.asUintN(8, rest)));
      rest >>= 8n;
    } while (rest !== (bytes.at(-1)! & 0x80 ? -1n : 0n) && bytes.length <= longestInteger);
    if (bytes.length > longestInteger) {
      throw new ArgumentError(
        `encodeTorchFile: expected integers of at most ${longestInteger} bytes, got a larger one`,
      );
    }
    this.put(0x8a, bytes.length, ...bytes);
  }

  text(value: string): void {
    const encoded = this.encoder.encode(value);
    this.put(0x58);
    this.putUint32(encoded.length);
    this.append(encoded);
  }

  /** `writeItems` appends the items. */
  list(writeItems: () => void): void {
    this.put(0x5d, 0x28);
    writeItems();
    this.put(0x65);
  }

  /** `writeEntries` appends keys and values in turn. */
  dictionary(writeEntries: () => void): void {
    this.put(0x7d, 0x28);
    writeEntries();
    this.put(0x75);
  }

  tensor({ key, dtype, shape, count, size }: PickledTensor): void {
    const storageClass = storageClasses[dtype];
    this.global('torch._utils', storageClass ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3');
    this.tuple(() => {
      this.tuple(() => {
        this.text('storage');
        if (storageClass) this.global('torch', storageClass);
        else this.global('torch.storage', 'UntypedStorage');
        this.text(key);
        this.text('cpu');
        this.number(storageClass ? count : size);
      });
      this.put(0x51);
      this.number(0);
      this.tuple(() => shape.forEach((length) => this.number(length)));
      this.tuple(() => contiguousStrides(shape).forEach((stride) => this.number(stride)));
      this.constant(false);
      this.global('collections', 'OrderedDict');
      this.put(0x29, 0x52);
      if (!storageClass) this.global('torch', dtype);
    });
    this.put(0x52);
  }

  private tuple(writeItems: () => void): void {
    this.put(0x28);
    writeItems();
    this.put(0x74);
  }

  private global(module: string, name: string): void {
    this.append(this.encoder.encode(`c${module}\n${name}\n`));
  }

  private put(...values: number[]): void {
    this.append(values);
  }

  private putUint32(value: number): void {
    this.reserve(4).setUint32(0, value, true);
  }

  private append(values: ArrayLike<number>): void {
    const { byteOffset } = this.reserve(values.length);
    this.bytes.set(values, byteOffset);
  }

  /** The next `length` bytes, after making room for them. */
  private reserve(length: number): DataView {
    const start = this.length;
    this.length += length;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return new DataView(this.bytes.buffer, start, length);
  }
}

function contiguousStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((stride, size) => stride * Math.max(size, 1), 1));
}

// Writing files that torch.load reads, also with `weights_only=True`.
import { ArgumentError } from '@hovernet/core';
import { elementTypes, viewElementBytes } from '../element-types.js';
import type { StoredTensor } from '../stored-tensor.js';
import { countElements } from '../numeric-array.js';
import { PickleWriter } from './pickle/pickle-writer.js';
import { isStoredTensor, maximumDepth, type TorchValue } from './torch-value.js';
import { writeZip, type ZipContent } from '../zip/write-zip.js';

/** Folder in the archive; PyTorch takes any. */
const folder = 'archive';

/**
 * The bytes of a file in the zip layout of PyTorch 1.6 and later, which `torch.load` and `decodeTorchFile` read. Maps become `dict`,
 * arrays `list`, whole numbers `int`, other numbers `float`; halves are rounded to nearest. Every tensor is written whole,
 * also where several share memory. PyTorch reads uint16, uint32 and uint64 since 2.3. The same value gives the same bytes.
 * @throws ArgumentError for tensors whose array does not fit their type or shape, and values more than 64 levels deep;
 * UnsupportedError from 4 GiB on.
 */
export function encodeTorchFile(value: TorchValue): Uint8Array {
  const writer = new PickleWriter();
  const storages: Uint8Array[] = [];
  writer.begin();
  writeValue(value, '', 0);
  const pickle = writer.end();
  const text = (content: string) => new TextEncoder().encode(content);
  const contents: ZipContent[] = [
    { name: `${folder}/data.pkl`, content: pickle },
    { name: `${folder}/byteorder`, content: text('little') },
    ...storages.map((content, key) => ({ name: `${folder}/data/${key}`, content })),
    { name: `${folder}/version`, content: text('3\n') },
  ];
  return writeZip(contents, { align: true });

  function writeValue(item: TorchValue, name: string, level: number): void {
    const isContainer = item instanceof Map || Array.isArray(item);
    if (isContainer && level >= maximumDepth) {
      throw new ArgumentError(`encodeTorchFile: expected at most ${maximumDepth} levels of values, got more (${name})`);
    }
    const inner = (key: string | number) => (level === 0 ? `${key}` : `${name}/${key}`);
    if (item === null || typeof item === 'boolean') writer.constant(item);
    else if (typeof item === 'number') writer.number(item);
    else if (typeof item === 'bigint') writer.integer(item);
    else if (typeof item === 'string') writer.text(item);
    else if (isStoredTensor(item)) writeTensor(item, name);
    else if (item instanceof Map) writer.dictionary(() => writeEntries(item, inner, level + 1));
    else if (Array.isArray(item)) writer.list(() => item.forEach((part, i) => writeValue(part, inner(i), level + 1)));
    else
      throw new ArgumentError(
        `encodeTorchFile: expected text, numbers, tensors, arrays or maps at ${name || 'the top'}`,
      );
  }

  function writeEntries(
    entries: ReadonlyMap<string | number, TorchValue>,
    inner: (key: string | number) => string,
    level: number,
  ): void {
    for (const [key, item] of entries) {
      if (typeof key === 'number') writer.number(key);
      else writer.text(key);
      writeValue(item, inner(key), level);
    }
  }

  function writeTensor(tensor: StoredTensor, name: string): void {
    assertTensor(tensor, name);
    const { dtype, shape, data } = tensor;
    const bytes = viewElementBytes(dtype, data);
    writer.tensor({ key: `${storages.length}`, dtype, shape, count: data.length, size: bytes.length });
    storages.push(bytes);
  }
}

function assertTensor({ dtype, shape, data }: StoredTensor, name: string): void {
  const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  const type = Object.hasOwn(elementTypes, dtype) ? elementTypes[dtype] : undefined;
  if (!type || !isShape || !(data instanceof type.array) || data.length !== countElements(shape)) {
    const found = `${data.length} in a ${data.constructor.name}`;
    throw new ArgumentError(`encodeTorchFile: tensor ${name}: expected ${dtype} [${shape.join(', ')}], got ${found}`);
  }
}

// The bytes of single frames: one after the other, or each in an item of its own (PS3.5, A.4).
import { FileError } from '@hovernet/core';
import { bufferSource } from '../sources/byte-source.js';
import { numberOfFramesTag, transferSyntax, type DicomFile } from './dataset.js';

const itemTag = 0xfffee000;
/** Most fragments that are looked for where a file has no table of them. */
const maxFragments = 2 ** 22;

/** Reads the frame of that index, counted within the file. The function throws FileError where the file is damaged. */
export async function openFrames(file: DicomFile, frameBytes: number): Promise<(index: number) => Promise<Uint8Array>> {
  const { source, dataset, pixels } = file;
  if (file.transferSyntax === transferSyntax.implicit || file.transferSyntax === transferSyntax.explicit)
    return (index) => source.read(pixels.offset + index * frameBytes, frameBytes);
  const buffered = bufferSource(source);
  const readItem = async (at: number) => {
    const head = await buffered.read(at, 8);
    const view = new DataView(head.buffer, head.byteOffset, 8);
    const tag = ((view.getUint16(0, true) << 16) | view.getUint16(2, true)) >>> 0;
    return { isItem: tag === itemTag, length: view.getUint32(4, true) };
  };
  const count = dataset.number(numberOfFramesTag, 1);
  const table = await readItem(pixels.offset);
  if (!table.isItem) throw new FileError(source.name, 'damaged DICOM: its pixel data hold no items; copy it again');
  const base = pixels.offset + 8 + table.length;
  const extended = dataset.longs(0x7fe00001);
  const basic = await source.read(pixels.offset + 8, table.length);
  const view = new DataView(basic.buffer, basic.byteOffset, basic.length);
  const short = Array.from({ length: table.length >> 2 }, (_, i) => view.getUint32(4 * i, true));
  const offsets = extended.length > 0 ? extended : short;
  const known = offsets.length >= count ? offsets : await listFragments();

  async function listFragments(): Promise<number[]> {
    const found: number[] = [];
    for (let at = base; at + 8 <= source.size && found.length < maxFragments;) {
      const { isItem, length } = await readItem(at);
      if (!isItem) break;
      found.push(at - base);
      at += 8 + length;
    }
    if (found.length === count || count === 1) return found;
    throw new FileError(
      source.name,
      `damaged DICOM: ${found.length} fragments for ${count} frames, and no table of them`,
    );
  }

  return async (index) => {
    const start = known[index];
    if (start === undefined) throw new FileError(source.name, `damaged DICOM: it has no frame ${index}`);
    const end = count === 1 ? Infinity : (known[index + 1] ?? Infinity);
    const fragments: Uint8Array[] = [];
    for (let at = base + start; at < base + end && at + 8 <= source.size;) {
      const { isItem, length } = await readItem(at);
      if (!isItem) break;
      fragments.push(await source.read(at + 8, length));
      at += 8 + length;
    }
    return fragments.length === 1 ? fragments[0]! : joinBytes(fragments);
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

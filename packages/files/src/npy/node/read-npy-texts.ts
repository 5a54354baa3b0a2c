// A list of texts in a .npy file, as NumPy stores fixed-width Unicode: UTF-32, padded with zeros.
import { FileError } from '@hovernet/core';
import { readFileBytes } from '../../node/read-file-bytes.js';

/** The `length` texts of the .npy file at `path`. @throws FileError if it holds anything else or is truncated. */
export async function readNpyTexts(path: string, length: number): Promise<string[]> {
  const bytes = await readFileBytes(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textAt = bytes[6] === 1 ? 10 : 12;
  const headerLength = bytes.length < textAt ? 0 : bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(textAt, textAt + headerLength));
  const [, order, digits] = /'descr'\s*:\s*'([<>])U(\d+)'/.exec(header) ?? [];
  const [, shape] = /'shape'\s*:\s*\((\d+),?\)/.exec(header) ?? [];
  if (digits === undefined || shape === undefined) throw new FileError(path, 'expected a list of texts (dtype U)');
  const width = Number(digits);
  const start = textAt + headerLength;
  if (Number(shape) !== length || bytes.length - start < 4 * width * length) {
    throw new FileError(path, `expected ${length} texts, one for each image, got ${shape} or a truncated file`);
  }
  return Array.from({ length }, (_, row) => {
    const codes = Array.from({ length: width }, (_, at) =>
      view.getUint32(start + 4 * (row * width + at), order === '<'),
    );
    const used = codes.filter((code) => code > 0 && code <= 0x10ffff);
    return String.fromCodePoint(...used);
  });
}

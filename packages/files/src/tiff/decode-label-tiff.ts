// Label maps from TIFF files: one sample of 8, 16 or 32 bits a pixel, in strips or tiles, plain or by Deflate.
import { createLabelMap, FileError, UnsupportedError, type LabelMap } from '@hovernet/core';
import { inflate } from '../inflate.js';

/** Bytes of a value by type: byte, short, long. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };
const largestPixels = 2 ** 28;

/**
 * The first image of the TIFF file `bytes`; `source` names it in errors.
 * @throws FileError if it is damaged or no TIFF; UnsupportedError for colour, BigTIFF, other compressions and signed or
 * floating-point numbers, and for more than 268 million pixels.
 */
export function decodeLabelTiff(bytes: Uint8Array, source: string): LabelMap {
  try {
    return decode(bytes, source);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FileError(source, 'damaged, or truncated; copy or save it again', { cause });
  }
}

function decode(bytes: Uint8Array, source: string): LabelMap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = view.getUint16(0);
  const isLittle = order === 0x4949;
  const magic = view.getUint16(2, isLittle);
  if (!(isLittle || order === 0x4d4d) || (magic !== 42 && magic !== 43)) throw new FileError(source, 'not a TIFF file');
  const unsupported = (problem: string) =>
    new UnsupportedError(`${source}: ${problem}; save it as uncompressed TIFF or PNG`);
  if (magic === 43) throw unsupported('BigTIFF is not read as a label image');
  const entries = readDirectory(view, isLittle);
  const [width, height] = [256, 257].map((tag) => entries.get(tag)?.[0] ?? 0) as [number, number];
  const bits = entries.get(258)?.[0] ?? 1;
  const compression = entries.get(259)?.[0] ?? 1;
  const isPlain = (entries.get(277)?.[0] ?? 1) === 1 && (entries.get(339)?.[0] ?? 1) !== 3;
  if (!isPlain || ![8, 16, 32].includes(bits) || (entries.get(317)?.[0] ?? 1) !== 1)
    throw unsupported('expected one integer of 8, 16 or 32 bits a pixel, without predictor');
  if (![1, 8, 32946].includes(compression)) throw unsupported(`compression ${compression} is not supported`);
  if (!(width > 0 && height > 0)) throw new FileError(source, 'its sides are missing');
  if (width * height > largestPixels) throw unsupported(`${width}×${height} pixels are too many`);
  const isTiled = entries.has(324);
  const partWidth = isTiled ? entries.get(322)![0]! : width;
  const partHeight = isTiled ? entries.get(323)![0]! : Math.min(height, entries.get(278)?.[0] ?? height);
  const offsets = entries.get(isTiled ? 324 : 273) ?? [];
  const counts = entries.get(isTiled ? 325 : 279) ?? [];
  const map = createLabelMap(height, width);
  const across = Math.ceil(width / partWidth);
  for (let part = 0; part < across * Math.ceil(height / partHeight); part++) {
    const [x0, y0] = [(part % across) * partWidth, Math.floor(part / across) * partHeight];
    const rows = Math.min(partHeight, height - y0);
    const [offset, count] = [offsets[part] ?? Infinity, counts[part] ?? Infinity];
    if (offset + count > bytes.length) throw new FileError(source, 'truncated; copy or save it again');
    const stored = bytes.subarray(offset, offset + count);
    const size = (partWidth * partHeight * bits) / 8;
    const content = compression === 1 ? stored : inflate(stored, 'zlib', { source, maxSize: size });
    const values = new DataView(content.buffer, content.byteOffset, content.byteLength);
    for (let y = 0; y < rows; y++) {
      const to = (y0 + y) * width + x0;
      for (let x = 0, at = (y * partWidth * bits) / 8; x < Math.min(partWidth, width - x0); x++, at += bits / 8)
        map.data[to + x] =
          bits === 8
            ? values.getUint8(at)
            : bits === 16
              ? values.getUint16(at, isLittle)
              : values.getInt32(at, isLittle);
    }
  }
  return map;
}

/** Whole numbers of the first directory by tag; others are passed over. */
function readDirectory(view: DataView, isLittle: boolean): Map<number, number[]> {
  const start = view.getUint32(4, isLittle);
  const entries = new Map<number, number[]>();
  for (let index = 0; index < view.getUint16(start, isLittle); index++) {
    const at = start + 2 + 12 * index;
    const size = typeBytes[view.getUint16(at + 2, isLittle)];
    if (size === undefined) continue;
    const count = view.getUint32(at + 4, isLittle);
    const from = count * size > 4 ? view.getUint32(at + 8, isLittle) : at + 8;
    if (from + count * size > view.byteLength) throw new RangeError('beyond the end');
    const read = (place: number) =>
      size === 1
        ? view.getUint8(place)
        : size === 2
          ? view.getUint16(place, isLittle)
          : view.getUint32(place, isLittle);
    entries.set(
      view.getUint16(at, isLittle),
      Array.from({ length: count }, (_, place) => read(from + place * size)),
    );
  }
  return entries;
}

// Data sets of DICOM (PS3.5): little endian, explicit and implicit, up to the pixel data.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { ByteSource } from '../sources/byte-source.js';

interface Element {
  readonly offset: number;
  readonly length: number;
  readonly vr: string;
  /** Of a sequence. */
  readonly items?: readonly Dataset[];
}

/** Elements by their tags, `group × 65536 + element`. */
export class Dataset {
  constructor(
    readonly elements: ReadonlyMap<number, Element>,
    readonly view: DataView,
  ) {}

  text(tag: number): string {
    const element = this.elements.get(tag);
    if (!element) return '';
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + element.offset, element.length);
    return new TextDecoder('latin1').decode(bytes).replace(/[\0 ]+$/, '').trimStart(); // prettier-ignore
  }

  /** A number of whatever kind the dictionary gives that tag: text, or binary by its length and VR. */
  number(tag: number, missing: number): number {
    const element = this.elements.get(tag);
    if (!element || element.length === 0) return missing;
    const { offset, length, vr } = element;
    if (vr === 'FD' && length >= 8) return this.view.getFloat64(offset, true);
    if (vr === 'FL' && length >= 4) return this.view.getFloat32(offset, true);
    if (vr === 'SL' && length >= 4) return this.view.getInt32(offset, true);
    const isText = vr === 'IS' || vr === 'DS' || (vr === '' && textTags.has(tag));
    if (isText) return Number(this.text(tag).split('\\')[0]);
    return length === 2 ? this.view.getUint16(offset, true) : length >= 4 ? this.view.getUint32(offset, true) : missing;
  }

  items(tag: number): readonly Dataset[] {
    return this.elements.get(tag)?.items ?? [];
  }

  /** The bytes of an element as numbers of 64 bits. */
  longs(tag: number): number[] {
    const { offset = 0, length = 0 } = this.elements.get(tag) ?? {};
    return Array.from({ length: length >> 3 }, (_, i) => Number(this.view.getBigUint64(offset + 8 * i, true)));
  }
}

export const numberOfFramesTag = 0x00280008;
/** Tags of numbers in text, which implicit data sets do not tell. */
const textTags = new Set([numberOfFramesTag, 0x00280030]);
/** Tags of sequences, likewise. */
const sequenceTags = new Set([0x52009229, 0x52009230, 0x00289110, 0x0048021a]);
const pixelDataTag = 0x7fe00010;
const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const open = 0xffffffff;
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const maxDepth = 12;

/** A file up to its pixel data. */
export interface DicomFile {
  readonly source: ByteSource;
  readonly dataset: Dataset;
  readonly transferSyntax: string;
  /** Where the pixel data begin, and how long they are; Infinity where the file does not say it. */
  readonly pixels: { readonly offset: number; readonly length: number };
}

export const transferSyntax = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  jpeg2000: '1.2.840.10008.1.2.4.91',
} as const;

const firstBytes = 2 ** 18;
/** Most bytes before the pixel data. */
const maxHeaderBytes = 2 ** 28;

/** Whether a file of which these are the first bytes is DICOM. */
export function isDicom(start: Uint8Array): boolean {
  return start.length >= 132 && String.fromCharCode(...start.subarray(128, 132)) === 'DICM';
}

class MoreNeeded extends Error {}

/** @throws FileError where the file is damaged or has no pixels; UnsupportedError for other byte orders and codings. */
export async function readDicom(source: ByteSource): Promise<DicomFile> {
  for (let length = firstBytes; ; length *= 4) {
    const bytes = await source.read(0, Math.min(length, source.size));
    try {
      return parseFile(bytes, source);
    } catch (error) {
      if (!(error instanceof MoreNeeded)) throw error;
      if (length >= source.size || length > maxHeaderBytes)
        throw new FileError(source.name, 'damaged or truncated DICOM: it has no pixel data; copy it again');
    }
  }
}

function parseFile(bytes: Uint8Array, source: ByteSource): DicomFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const meta = new Parser(view, true, source.name);
  const head = meta.parse({ at: 132, end: bytes.length, group: 2, depth: 0 });
  const syntax = head.dataset.text(0x00020010);
  if (!Object.values<string>(transferSyntax).includes(syntax))
    throw new UnsupportedError(
      `${source.name}: DICOM of transfer syntax ${syntax || 'none'} is not read; convert it to JPEG or JPEG 2000`,
    );
  const body = new Parser(view, syntax !== transferSyntax.implicit, source.name);
  const { dataset } = body.parse({ at: head.at, end: bytes.length, depth: 0 });
  const pixels = dataset.elements.get(pixelDataTag);
  if (!pixels) throw new MoreNeeded();
  const length = pixels.length === open ? Infinity : pixels.length;
  return { source, dataset, transferSyntax: syntax, pixels: { offset: pixels.offset, length } };
}

interface Span {
  readonly at: number;
  readonly end: number;
  /** Only elements of it. */
  readonly group?: number;
  readonly depth: number;
}

class Parser {
  constructor(
    readonly view: DataView,
    readonly isExplicit: boolean,
    readonly name: string,
  ) {}

  /** The elements of a span, up to its end, the end of an open item, or the pixel data. */
  parse({ at, end, group, depth }: Span): { readonly dataset: Dataset; readonly at: number } {
    if (depth > maxDepth) throw new FileError(this.name, 'damaged DICOM: sequences are nested too deep');
    const elements = new Map<number, Element>();
    const dataset = new Dataset(elements, this.view);
    while (at < end) {
      if (group !== undefined && this.readTag(at) >>> 16 !== group) break;
      const { tag, vr, length, offset } = this.readHead(at);
      if (tag === itemEnd) return { dataset, at: offset };
      if (tag === pixelDataTag && depth === 0) {
        elements.set(tag, { offset, length, vr });
        return { dataset, at: offset };
      }
      const isSequence = vr === 'SQ' || length === open || (vr === '' && sequenceTags.has(tag));
      if (isSequence) {
        const parser = vr === 'UN' ? new Parser(this.view, false, this.name) : this;
        const sequence = parser.parseItems(offset, length, depth + 1);
        elements.set(tag, { offset, length, vr, items: sequence.items });
        at = sequence.at;
      } else {
        if (offset + length > this.view.byteLength) throw new MoreNeeded();
        elements.set(tag, { offset, length, vr });
        at = offset + length;
      }
    }
    return { dataset, at };
  }

  parseItems(start: number, length: number, depth: number): { readonly items: Dataset[]; readonly at: number } {
    const items: Dataset[] = [];
    const end = length === open ? Infinity : start + length;
    let at = start;
    while (at < end) {
      const tag = this.readTag(at);
      this.need(at + 8);
      const itemLength = this.view.getUint32(at + 4, true);
      at += 8;
      if (tag === sequenceEnd) break;
      if (tag !== item) throw new FileError(this.name, 'damaged DICOM: a sequence holds something else than items');
      const itemEnd = itemLength === open ? Infinity : at + itemLength;
      if (itemEnd !== Infinity) this.need(itemEnd);
      const parsed = this.parse({ at, end: itemEnd, depth });
      items.push(parsed.dataset);
      at = itemEnd === Infinity ? parsed.at : itemEnd;
    }
    return { items, at };
  }

  readHead(at: number): {
    readonly tag: number;
    readonly vr: string;
    readonly length: number;
    readonly offset: number;
  } {
    const tag = this.readTag(at);
    this.need(at + 8);
    const isMarker = tag >>> 16 === 0xfffe;
    if (!this.isExplicit || isMarker) return { tag, vr: '', length: this.view.getUint32(at + 4, true), offset: at + 8 };
    const vr = String.fromCharCode(this.view.getUint8(at + 4), this.view.getUint8(at + 5));
    if (!/^[A-Z]{2}$/.test(vr)) throw new FileError(this.name, `damaged DICOM at byte ${at}; copy it again`);
    if (!longVrs.has(vr)) return { tag, vr, length: this.view.getUint16(at + 6, true), offset: at + 8 };
    this.need(at + 12);
    return { tag, vr, length: this.view.getUint32(at + 8, true), offset: at + 12 };
  }

  readTag(at: number): number {
    this.need(at + 4);
    return ((this.view.getUint16(at, true) << 16) | this.view.getUint16(at + 2, true)) >>> 0;
  }

  need(end: number): void {
    if (end > this.view.byteLength) throw new MoreNeeded();
  }
}

// JPEG streams (ITU-T T.81): what a decoder must know before it runs, and the markers that tell it the colours.

/** What the frame header says. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly components: number;
  /** Number n of the marker SOFn: 0 baseline, 1 extended, 2 progressive. */
  readonly process: number;
  /** Whether a JFIF or an Adobe marker says what the colours are. */
  readonly hasColorMarker: boolean;
}

const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, dht: 0xc4, jpg: 0xc8, dac: 0xcc, app0: 0xe0, app14: 0xee } as const;

/** The frame header of `bytes`; undefined where there is none before the first scan. */
export function parseJpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== marker.soi) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hasColorMarker = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const code = bytes[at + 1]!;
    // Any number of 0xff may precede a marker; these stand alone.
    if (code === 0xff) at++;
    else if (code === 0x01 || (code >= 0xd0 && code <= marker.soi)) at += 2;
    else {
      const length = view.getUint16(at + 2);
      if (code === marker.sos || code === marker.eoi || length < 2) return undefined;
      if (code === marker.app0) hasColorMarker ||= hasText(bytes, at + 4, 'JFIF');
      if (code === marker.app14) hasColorMarker ||= hasText(bytes, at + 4, 'Adobe');
      const isFrame = code >= 0xc0 && code <= 0xcf && code !== marker.dht && code !== marker.jpg && code !== marker.dac;
      if (isFrame) {
        if (length < 8 || at + 10 > bytes.length) return undefined;
        return {
          bits: bytes[at + 4]!,
          height: view.getUint16(at + 5),
          width: view.getUint16(at + 7),
          components: bytes[at + 9]!,
          process: code - 0xc0,
          hasColorMarker,
        };
      }
      at += 2 + length;
    }
  }
  return undefined;
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

/**
 * `tables` (a stream of tables alone, as TIFF keeps them for all tiles; undefined for none) and `scan` as one stream.
 * `transform` becomes an Adobe marker: 0 for RGB, 1 for YCbCr; undefined to add none.
 */
export function joinJpeg(tables: Uint8Array | undefined, scan: Uint8Array, transform: 0 | 1 | undefined): Uint8Array {
  const hasTables = tables !== undefined && tables.length > 4;
  if (!hasTables && transform === undefined) return scan;
  const adobe = [0xff, marker.app14, 0, 14, ...[...'Adobe'].map((letter) => letter.charCodeAt(0)), 0, 100, 0, 0, 0, 0];
  const head = transform === undefined ? [0xff, marker.soi] : [0xff, marker.soi, ...adobe, transform];
  const middle = hasTables ? stripEnds(tables) : new Uint8Array(0);
  const joined = new Uint8Array(head.length + middle.length + scan.length - 2);
  joined.set(head);
  joined.set(middle, head.length);
  joined.set(scan.subarray(2), head.length + middle.length);
  return joined;
}

/** Without the first and the last marker. */
function stripEnds(tables: Uint8Array): Uint8Array {
  const isClosed = tables.at(-2) === 0xff && tables.at(-1) === marker.eoi;
  return tables.subarray(2, isClosed ? -2 : undefined);
}

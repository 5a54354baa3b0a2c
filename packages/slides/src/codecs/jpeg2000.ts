// JPEG 2000 (ISO/IEC 15444-1) by OpenJPEG as WebAssembly. The library reports no damage, so the header is read before.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { SlideHost } from '../host.js';
import { RenewedModule, silent, type ModuleFactory, type WasmDecoder } from './emscripten.js';
import type { DecodedTile } from './jpeg.js';

export interface Jpeg2000Options {
  /** Names the file and tile in errors. */
  readonly source: string;
  /** Pixels that must come out. */
  readonly size: readonly [width: number, height: number];
  /** Whether the three components are luminance and colour differences that the stream itself does not transform. @default false */
  readonly isYcbcr?: boolean;
}

interface Jpeg2000Module {
  readonly J2KDecoder: new () => WasmDecoder;
  readonly HEAPU8: Uint8Array;
}

/** Decodes code streams, bare or in a JP2 file. The function throws FileError where one is damaged, UnsupportedError for samples of other sizes. */
export function createJpeg2000Decoder(
  host: SlideHost,
): (bytes: Uint8Array, options: Jpeg2000Options) => Promise<DecodedTile> {
  const openjpeg = new RenewedModule(async () => {
    const { default: make } = (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')) as {
      default: ModuleFactory<Jpeg2000Module>;
    };
    return make({ wasmBinary: await host.loadWasm('jpeg2000'), ...silent });
  });
  return async (bytes, { source, size, isYcbcr = false }) => {
    const [width, height] = size;
    const components = checkHeader(bytes, source, size);
    const data = await openjpeg
      .use((module) => decode(module, bytes, { width, height, components }))
      .catch((cause: unknown) => {
        throw new FileError(source, 'damaged JPEG 2000; copy or export the file again', { cause });
      });
    if (isYcbcr && components === 3) convertYcbcr(data);
    return { width, height, channels: components, data };
  };
}

/** Number of components. @throws as the decoder does, unless the SIZ marker is what the decoder can take. */
function checkHeader(bytes: Uint8Array, source: string, [width, height]: readonly [number, number]): number {
  const at = findStart(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (at === undefined || at + 42 > bytes.length) throw new FileError(source, 'damaged JPEG 2000 (no SIZ marker)');
  const [xEnd, yEnd, x0, y0] = [8, 12, 16, 20].map((offset) => view.getUint32(at + offset)) as [
    number,
    number,
    number,
    number,
  ];
  const components = view.getUint16(at + 40);
  if (xEnd - x0 !== width || yEnd - y0 !== height) {
    const got = `${xEnd - x0}×${yEnd - y0}`;
    throw new FileError(source, `damaged JPEG 2000 (${got} pixels, expected ${width}×${height})`);
  }
  const kinds = Array.from({ length: Math.min(components, 3) }, (_, i) => bytes.subarray(at + 42 + 3 * i).slice(0, 3));
  const isPlain = kinds.every(([depth, dx, dy]) => depth === 7 && dx === 1 && dy === 1);
  if (!isPlain || (components !== 1 && components !== 3))
    throw new UnsupportedError(
      `${source}: expected JPEG 2000 of 1 or 3 components of 8 bits without subsampling, got ${components}; convert the file`,
    );
  return components;
}

/** Where the code stream begins: SOC and SIZ, at once or within the boxes of a JP2 file. */
function findStart(bytes: Uint8Array): number | undefined {
  const last = Math.min(bytes.length - 4, 2 ** 16);
  for (let at = 0; at <= last; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at;
    if (at === 0 && bytes[0] === 0xff) return undefined;
  }
  return undefined;
}

function decode(
  { J2KDecoder }: Jpeg2000Module,
  bytes: Uint8Array,
  { width, height, components }: { readonly width: number; readonly height: number; readonly components: number },
): Uint8Array {
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const frame = decoder.getFrameInfo();
    const data = decoder.getDecodedBuffer();
    const isWanted = frame.width === width && frame.height === height && frame.componentCount === components;
    if (!isWanted || data.length !== width * height * components) throw new Error('pixels are missing');
    return new Uint8Array(data);
  } finally {
    decoder.delete();
  }
}

/** In place; the rounding of libjpeg, as OpenSlide has it. */
function convertYcbcr(data: Uint8Array): void {
  const fixed = (factor: number) => Math.round(factor * 65536);
  for (let at = 0; at < data.length; at += 3) {
    const luminance = data[at]!;
    const [blue, red] = [data[at + 1]! - 128, data[at + 2]! - 128];
    data[at] = clamp(luminance + ((fixed(1.402) * red + 32768) >> 16));
    data[at + 1] = clamp(luminance + ((-fixed(0.34414) * blue - fixed(0.71414) * red + 32768) >> 16));
    data[at + 2] = clamp(luminance + ((fixed(1.772) * blue + 32768) >> 16));
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

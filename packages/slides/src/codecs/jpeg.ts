// JPEG by libjpeg-turbo as WebAssembly.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { SlideHost } from '../host.js';
import { RenewedModule, silent, type ModuleFactory, type WasmDecoder } from './emscripten.js';
import { joinJpeg, parseJpegFrame } from './jpeg-stream.js';

export interface JpegOptions {
  /** Names the file and tile in errors. */
  readonly source: string;
  /** Pixels that must come out; undefined for any. */
  readonly size?: readonly [width: number, height: number];
  /** Tables that the file keeps apart. @default none */
  readonly tables?: Uint8Array | undefined;
  /** Colours of three components where the stream does not say them. @default 'ycbcr' */
  readonly color?: 'rgb' | 'ycbcr';
}

/** What a decoder makes: interleaved samples of 8 bits. */
export interface DecodedTile {
  readonly width: number;
  readonly height: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly data: Uint8Array;
}

interface JpegModule {
  readonly JPEGDecoder: new () => WasmDecoder;
  readonly HEAPU8: Uint8Array;
}

/** Most pixels of a stream; its decoder's memory must hold them. */
const maxPixels = 2 ** 28;

/**
 * Decodes JPEG streams: baseline, extended and progressive, 8 bits, grey or three components.
 * The function throws FileError where a stream is damaged or of another size, UnsupportedError for other kinds of JPEG.
 */
export function createJpegDecoder(host: SlideHost): (bytes: Uint8Array, options: JpegOptions) => Promise<DecodedTile> {
  const turbo = new RenewedModule(async () => {
    const { default: make } = (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')) as {
      default: ModuleFactory<JpegModule>;
    };
    return make({ wasmBinary: await host.loadWasm('jpeg'), ...silent });
  });
  return async (bytes, { source, size, tables, color = 'ycbcr' }) => {
    const frame = parseJpegFrame(bytes);
    if (!frame) throw new FileError(source, 'damaged JPEG (no frame header); copy or export the file again');
    const { width, height, bits, components, process } = frame;
    if (process > 2 || bits !== 8 || (components !== 1 && components !== 3))
      throw new UnsupportedError(
        `${source}: expected a JPEG of 8 bits and 1 or 3 components, got ${bits} bits, ${components} components, process ${process}; convert the file`,
      );
    const [wantedWidth, wantedHeight] = size ?? [width, height];
    if (width !== wantedWidth || height !== wantedHeight || width * height > maxPixels || width * height === 0)
      throw new FileError(source, `damaged JPEG (${width}×${height} pixels, expected ${wantedWidth}×${wantedHeight})`);
    const transform = components === 1 || frame.hasColorMarker ? undefined : color === 'rgb' ? 0 : 1;
    const stream = joinJpeg(tables, bytes, transform);
    const data = await turbo
      .use((module) => decode(module, stream))
      .catch((cause: unknown) => {
        // The library throws the address of an exception.
        throw new FileError(source, 'damaged JPEG; copy or export the file again', { cause });
      });
    if (data.length !== width * height * components) throw new FileError(source, 'damaged JPEG (pixels are missing)');
    return { width, height, channels: components, data };
  };
}

function decode({ JPEGDecoder }: JpegModule, stream: Uint8Array): Uint8Array {
  const decoder = new JPEGDecoder();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    return new Uint8Array(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}

// The decoders of one open slide's host, each loaded when it is first needed.
import type { SlideHost } from '../host.js';
import { createJpegDecoder, type DecodedTile, type JpegOptions } from './jpeg.js';
import { createJpeg2000Decoder, type Jpeg2000Options } from './jpeg2000.js';

export interface Codecs {
  readonly host: SlideHost;
  decodeJpeg(bytes: Uint8Array, options: JpegOptions): Promise<DecodedTile>;
  decodeJpeg2000(bytes: Uint8Array, options: Jpeg2000Options): Promise<DecodedTile>;
}

export function createCodecs(host: SlideHost): Codecs {
  return { host, decodeJpeg: createJpegDecoder(host), decodeJpeg2000: createJpeg2000Decoder(host) };
}

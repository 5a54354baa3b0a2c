// What differs between Node and a page.
import type { RgbImage } from '@hovernet/core';

/** Decoders that come as WebAssembly. */
export type WasmCodec = 'jpeg' | 'jpeg2000';

export interface SlideHost {
  /** The bytes of that decoder's WebAssembly. */
  loadWasm(codec: WasmCodec): Promise<Uint8Array>;
  /** The pixels of a PNG; `name` is for errors. */
  decodePng(bytes: Uint8Array, name: string): Promise<RgbImage>;
  /** The pixels of a WebP; absent where nothing decodes it. */
  readonly decodeWebp?: ((bytes: Uint8Array, name: string) => Promise<RgbImage>) | undefined;
}

// Decoders of Node.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { decodePng } from '@hovernet/files/node';
import { FileError, createRgbImage } from '@hovernet/core';
import type { SlideHost } from '../host.js';

const { resolve } = createRequire(import.meta.url);
const packages = {
  jpeg: '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  jpeg2000: '@cornerstonejs/codec-openjpeg/decodewasm',
};

/** Decoders of this machine; what needs the package sharp is absent where it is not installed. */
export async function openNodeHost(): Promise<SlideHost> {
  const sharp = await import('sharp').then(
    (loaded) => loaded.default,
    () => undefined,
  );
  return {
    loadWasm: (codec) => readFile(resolve(packages[codec])),
    decodePng: async (bytes, name) => decodePng(bytes, name),
    decodeWebp:
      sharp &&
      (async (bytes, name) => {
        const { data, info } = await sharp(bytes)
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true })
          .catch((cause: unknown) => {
            throw new FileError(name, 'damaged WebP; copy or export the file again', { cause });
          });
        return createRgbImage(info.height, info.width, new Uint8Array(data));
      }),
  };
}

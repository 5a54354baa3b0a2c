// Decoders of a page. Bundlers find the WebAssembly files by these addresses.
import { createRgbImage, FileError } from '@hovernet/core';
import type { SlideHost } from '../host.js';

const addresses = {
  jpeg: () => new URL('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm', import.meta.url),
  jpeg2000: () => new URL('@cornerstonejs/codec-openjpeg/decodewasm', import.meta.url),
};

export const webHost: SlideHost = {
  async loadWasm(codec) {
    const address = addresses[codec]();
    const response = await fetch(address);
    if (!response.ok) throw new FileError(String(address), `the decoder cannot be fetched (${response.status})`);
    return new Uint8Array(await response.arrayBuffer());
  },
  decodePng: decodeImage,
  decodeWebp: decodeImage,
};

/** Alpha is dropped, colour profiles are not applied. */
async function decodeImage(bytes: Uint8Array, name: string) {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(
    (cause: unknown) => {
      throw new FileError(name, 'expected an image that this browser decodes', { cause });
    },
  );
  const { width, height } = bitmap;
  try {
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.globalCompositeOperation = 'copy';
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const rgb = new Uint8Array(3 * width * height);
    for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) rgb.set(data.subarray(from, from + 3), to);
    return createRgbImage(height, width, rgb);
  } finally {
    bitmap.close();
  }
}

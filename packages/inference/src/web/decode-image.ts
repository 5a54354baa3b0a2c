// Images as a browser decodes them: files, blobs, addresses, bitmaps.
import { FileError, type ImageSource } from '@hovernet/core';
import { toSource } from '../sources/to-source.js';
import { fetchFile } from '../sources/fetch-file.js';

/** What a page can be given beside decoded images: a file or blob, its address, or a bitmap. */
export type WebImage = Blob | string | URL | ImageBitmap;

/** Rows that are read back from the canvas at once. */
const stripRows = 512;

/**
 * Decodes `image` into memory. Alpha is ignored, colour profiles are not applied.
 * @throws FileError where it cannot be fetched or decoded.
 */
export async function decodeImage(image: WebImage, signal?: AbortSignal): Promise<ImageSource> {
  const name = image instanceof Blob && 'name' in image ? String(image.name) : 'image';
  const bitmap = image instanceof ImageBitmap ? image : await decodeBlob(await fetchBlob(image, signal), name);
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, Math.min(height, stripRows)).getContext('2d', {
      willReadFrequently: true,
    })!;
    const data = new Uint8Array(3 * width * height);
    for (let y = 0, to = 0; y < height; y += stripRows) {
      const rows = Math.min(stripRows, height - y);
      context.globalCompositeOperation = 'copy';
      context.drawImage(bitmap, 0, -y);
      const pixels = context.getImageData(0, 0, width, rows).data;
      for (let from = 0; from < pixels.length; from += 4) {
        data[to++] = pixels[from]!;
        data[to++] = pixels[from + 1]!;
        data[to++] = pixels[from + 2]!;
      }
    }
    return toSource({ width, height, data })!;
  } finally {
    bitmap.close();
  }
}

async function fetchBlob(image: Blob | string | URL, signal: AbortSignal | undefined): Promise<Blob> {
  if (image instanceof Blob) return image;
  const address = String(image);
  const response = await fetchFile(address, signal);
  return response.blob();
}

async function decodeBlob(blob: Blob, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch (cause) {
    const type = blob.type || 'no type';
    throw new FileError(name, `expected an image that this browser decodes, got ${blob.size} bytes of ${type}`, {
      cause,
    });
  }
}

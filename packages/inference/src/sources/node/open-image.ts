// Images in files, blobs and at addresses as sources that are read in parts.
import { open, type FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createRgbImage, FileError, type ImageSource, type RgbImage } from '@hovernet/core';
import { isPng, parseNpyHeader } from '@hovernet/files/internal';
import { decodeImage, readImage, readNpy } from '@hovernet/files/node';
import { readPngHeader, readPngRows, type PngHeader } from '@hovernet/files/internal/node';
import { openSlide } from '@hovernet/slides/node';
import { createPlane, type Plane } from '../../scratch/plane.js';
import type { ScratchSpace } from '../../scratch/scratch.js';
import { createMemorySource } from '../memory-source.js';
import { createLevelSource, createSlideSource, isSlide } from '../slide-source.js';

/** What Node opens: a path, an address (file:, http:, https:), a blob, or the bytes of an encoded image. */
export type NodeImage = string | URL | Blob | Uint8Array;

export interface OpenImageOptions {
  /** Space for the pixels of large images. */
  readonly scratch: ScratchSpace;
  /** PNG files of more pixels are decoded row by row into it. @default 2²⁶ */
  readonly memoryPx?: number;
}

const defaultMemoryPx = 2 ** 26;
/** No header of a plain array is longer. */
const npyHeaderBytes = 2 ** 16;

/**
 * Opens a PNG, or an array of uint8 `[height, width, 3]` or `[height, width]` in an .npy file, or whatever `openSlide` opens: JPEG,
 * TIFF, and slides, which are `SlideSource`s. Large PNG files and .npy files are read in parts, slides too; other PNG files are
 * decoded in memory, up to 2²⁸ pixels.
 * @throws FileError if it is missing, damaged, truncated or of another shape; UnsupportedError for other formats.
 */
export async function openImage(
  image: NodeImage,
  options: OpenImageOptions,
  signal?: AbortSignal,
): Promise<ImageSource> {
  if (image instanceof Uint8Array) return openBytes(image);
  if (image instanceof Blob) return openLargestLevel(image, signal);
  const address = String(image);
  if (/^https?:/i.test(address)) return openLargestLevel(address, signal);
  return openFile(image instanceof URL || /^file:/i.test(address) ? fileURLToPath(address) : address, options, signal);
}

async function openBytes(bytes: Uint8Array): Promise<ImageSource> {
  if (isPng(bytes)) return createMemorySource(await decodeImage(bytes, 'image'));
  return openLargestLevel(new File([bytes as Uint8Array<ArrayBuffer>], 'image'));
}

async function openLargestLevel(image: string | Blob, signal?: AbortSignal): Promise<ImageSource> {
  const slide = await openSlide(image, { ...(signal && { signal }) });
  return isSlide(slide) ? createSlideSource(slide) : createLevelSource(slide);
}

async function openFile(path: string, options: OpenImageOptions, signal?: AbortSignal): Promise<ImageSource> {
  if (/\.npy$/i.test(path)) return openArray(path);
  const { memoryPx = defaultMemoryPx } = options;
  const file = await open(path).catch(() => undefined);
  try {
    const header = file && (await readPngHeader(file));
    if (file && header && !header.isInterlaced && header.width * header.height > memoryPx)
      return await unpackPng(file, header, path, options);
    if (header) return createMemorySource(await readImage(path));
  } finally {
    await file?.close();
  }
  return openLargestLevel(path, signal);
}

async function unpackPng(
  file: FileHandle,
  header: PngHeader,
  path: string,
  { scratch }: OpenImageOptions,
): Promise<ImageSource> {
  const { width, height } = header;
  const plane = createPlane(await scratch.open(), { width, bytesPerPixel: 3 });
  try {
    let y = 0;
    for await (const rows of readPngRows(file, header, path)) {
      const end = y + rows.length / (3 * width);
      await plane.write([0, y, width, end], rows);
      y = end;
    }
  } catch (error) {
    await plane.close();
    throw error;
  }
  return createFileSource(plane, height, width);
}

async function openArray(path: string): Promise<ImageSource> {
  const file = await open(path).catch((cause: unknown) => {
    throw new FileError(path, 'no such file; check the path', { missing: true, cause });
  });
  try {
    const head = Buffer.alloc(npyHeaderBytes);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const { dtype, shape, fortranOrder, dataOffset } = parseNpyHeader(head.subarray(0, bytesRead), path);
    const [height = 0, width = 0, channels] = shape;
    const isImage = (shape.length === 2 || (shape.length === 3 && channels === 3)) && height * width > 0;
    if (dtype !== 'uint8' || !isImage)
      throw new FileError(path, `expected an image, uint8 [height, width, 3], got ${dtype} [${shape.join(', ')}]`);
    if (shape.length === 2 || fortranOrder) {
      await file.close();
      return createMemorySource(toRgb((await readNpy(path)).data as Uint8Array, height, width));
    }
    const expected = dataOffset + 3 * height * width;
    const { size } = await file.stat();
    if (size < expected) throw new FileError(path, `truncated: ${expected} bytes expected, got ${size}`);
    return createFileSource(openPixels(file, path, { width, offset: dataOffset }), height, width);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The pixels of an open file, as a plane that is only read. */
function openPixels(
  file: FileHandle,
  path: string,
  { width, offset }: { readonly width: number; readonly offset: number },
): Plane {
  const read = async (target: Uint8Array, from: number) => {
    for (let done = 0; done < target.length;) {
      const { bytesRead } = await file.read(target, done, target.length - done, from + done);
      if (bytesRead === 0)
        throw new FileError(path, `ends at byte ${from + done}: it became shorter while it was read`);
      done += bytesRead;
    }
  };
  const pixels = { read, write: () => Promise.reject(new Error('this file is only read')), close: () => file.close() };
  return createPlane(pixels, { width, bytesPerPixel: 3, offset });
}

function createFileSource(plane: Plane, height: number, width: number): ImageSource {
  return {
    height,
    width,
    mpp: null,
    read: async (box) => createRgbImage(box[3] - box[1], box[2] - box[0], await plane.read(box)),
    close: () => plane.close(),
  };
}

function toRgb(values: Uint8Array, height: number, width: number): RgbImage {
  const isGrey = values.length === height * width;
  const pixels = isGrey ? Uint8Array.from({ length: 3 * values.length }, (_, i) => values[Math.floor(i / 3)]!) : values;
  return createRgbImage(height, width, pixels as Uint8Array<ArrayBuffer>);
}

// Slides in Node: files, blobs, addresses.
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileError } from '@hovernet/core';
import { createCodecs, type Codecs } from '../codecs/codecs.js';
import { isDicom } from '../dicom/dataset.js';
import { openSource } from '../open-source.js';
import type { OpenSlideOptions, SlideReader } from '../slide-reader.js';
import { listBlobSources, type ByteSource } from '../sources/byte-source.js';
import { openHttpSource } from '../sources/http-source.js';
import { openFileSource } from './file-source.js';
import { openNodeHost } from './host.js';

/** One set of decoders serves all slides: each takes memory. */
let opened: Promise<Codecs> | undefined;
const openCodecs = () => (opened ??= openNodeHost().then(createCodecs));

/**
 * Opens a path, blob or address (file:, http:, https:) as a slide; a folder, or a list of blobs, for the
 * instances of a DICOM series; a DICOM file brings those of its series that lie beside it. A slide on a server is read by range requests, never downloaded
 * as a whole.
 * @throws FileError where it is missing, cannot be fetched, is damaged or no picture; UnsupportedError for what is not read.
 */
export async function openSlide(
  slide: Blob | readonly Blob[] | URL | string,
  options: OpenSlideOptions = {},
): Promise<SlideReader> {
  return openSource(await openSources(slide, options.signal), await openCodecs(), options);
}

type Sources = [ByteSource, ...ByteSource[]];

async function openSources(
  slide: Blob | readonly Blob[] | URL | string,
  signal: AbortSignal | undefined,
): Promise<Sources> {
  if (slide instanceof Blob || Array.isArray(slide)) return listBlobSources(slide);
  const address = String(slide);
  if (/^https?:/i.test(address)) return [await openHttpSource(address, signal)];
  return openFiles(/^file:/i.test(address) ? fileURLToPath(address) : address);
}

/** The file at `path`; where it is DICOM, or a folder, with the DICOM files beside or in it. */
async function openFiles(path: string): Promise<Sources> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const [first, ...others] = await openDicomFiles(path);
    if (first) return [first, ...others];
    throw new FileError(path, 'expected a slide, or a folder with the DICOM files of one; it has none');
  }
  const source = await openFileSource(path);
  const others = (await startsAsDicom(source)) ? await openDicomFiles(dirname(path), resolve(path)) : [];
  return [source, ...others];
}

async function openDicomFiles(folder: string, except?: string): Promise<ByteSource[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
  const found: ByteSource[] = [];
  for (const path of paths.sort()) {
    if (resolve(path) === except) continue;
    const source = await openFileSource(path);
    if (await startsAsDicom(source)) found.push(source);
    else await source.close();
  }
  return found;
}

async function startsAsDicom(source: ByteSource): Promise<boolean> {
  return isDicom(await source.read(0, Math.min(132, source.size)));
}

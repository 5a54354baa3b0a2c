// Slides in Node: files, blobs, addresses.
import { fileURLToPath } from 'node:url';
import { createCodecs, type Codecs } from '../codecs/codecs.js';
import { openSource } from '../open-source.js';
import type { OpenSlideOptions, SlideReader } from '../slide-reader.js';
import { createBlobSource, type ByteSource } from '../sources/byte-source.js';
import { openHttpSource } from '../sources/http-source.js';
import { openFileSource } from './file-source.js';
import { openNodeHost } from './host.js';

/** One set of decoders serves all slides: each takes memory. */
let opened: Promise<Codecs> | undefined;
const openCodecs = () => (opened ??= openNodeHost().then(createCodecs));

/**
 * Opens a path, blob or address (file:, http:, https:) as a slide. A slide on a server is read by range requests, never downloaded
 * as a whole.
 * @throws FileError where it is missing, cannot be fetched, is damaged or no picture; UnsupportedError for what is not read.
 */
export async function openSlide(slide: Blob | URL | string, options: OpenSlideOptions = {}): Promise<SlideReader> {
  return openSource(await openAnySource(slide, options.signal), await openCodecs(), options);
}

function openAnySource(slide: Blob | URL | string, signal: AbortSignal | undefined): Promise<ByteSource> | ByteSource {
  if (slide instanceof Blob) return createBlobSource(slide);
  const address = String(slide);
  if (/^https?:/i.test(address)) return openHttpSource(address, signal);
  return openFileSource(/^file:/i.test(address) ? fileURLToPath(address) : address);
}

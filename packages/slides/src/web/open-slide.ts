// Slides in a page.
import { createCodecs } from '../codecs/codecs.js';
import { openSource } from '../open-source.js';
import type { OpenSlideOptions, SlideReader } from '../slide-reader.js';
import { listBlobSources } from '../sources/byte-source.js';
import { openHttpSource } from '../sources/http-source.js';
import { webHost } from './host.js';

const codecs = createCodecs(webHost);

/**
 * Opens a file, blob or address as a slide; a list of files for the instances of a DICOM series. A slide on a server is read by range requests, never downloaded as a whole.
 * @throws FileError where it cannot be fetched, is damaged or no picture; UnsupportedError for what is not read.
 */
export async function openSlide(
  slide: Blob | readonly Blob[] | URL | string,
  options: OpenSlideOptions = {},
): Promise<SlideReader> {
  if (slide instanceof Blob || Array.isArray(slide)) return openSource(listBlobSources(slide), codecs, options);
  const address = new URL(slide as URL | string, location.href).href;
  return openSource([await openHttpSource(address, options.signal)], codecs, options);
}

// The content of a format's first file.
import type { SegmentedImage } from '@hovernet/core';
import { resultFormats } from '../../src/formats/registry.js';

export async function encodeBytes(format: string, image: SegmentedImage, name = 'image'): Promise<Buffer> {
  const [file] = resultFormats.find((known) => known.name === format)!.files;
  const parts: Buffer[] = [];
  for await (const part of file!.encode(image, { name, provenance: null })) parts.push(Buffer.from(part as string));
  return Buffer.concat(parts);
}

export async function encodeText(format: string, image: SegmentedImage, name = 'image'): Promise<string> {
  return (await encodeBytes(format, image, name)).toString('utf8');
}

// PNG by pngjs: everywhere, without native code.
import { FileError } from '@hovernet/core';
import { PNG } from 'pngjs';
import { createSamples, type ImageSamples } from '../image-samples.js';
import type { PngContent } from './png-chunks.js';

/** Samples of each colour type among the four that pngjs gives: red, green, blue, alpha. */
const kept: Readonly<Record<number, readonly number[]>> = {
  0: [0],
  2: [0, 1, 2],
  3: [0, 1, 2],
  4: [0, 3],
  6: [0, 1, 2, 3],
};

/** The pixels of `content` as they are stored. @throws FileError if they are damaged or missing. */
export function decodePngSamples(content: PngContent, source: string): ImageSamples {
  const { bytes, width, height, bitDepth, colorType } = content;
  const isWide = bitDepth === 16;
  let data: Uint8Array | Uint16Array;
  try {
    // Its own 16-bit samples where they are not rescaled, whatever its types say.
    data = PNG.sync.read(bytes, { skipRescale: isWide } as object).data;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FileError(source, `damaged PNG (${reason}); copy or export it again`, { cause });
  }
  if (data.length < width * height * 4) throw new FileError(source, 'truncated PNG: pixels are missing');
  const channels = kept[colorType]!;
  const count = width * height * channels.length;
  const samples = isWide ? new Uint16Array(count) : new Uint8Array(count);
  for (let from = 0, to = 0; to < count; from += 4) {
    for (let k = 0; k < channels.length; k++) samples[to++] = data[from + channels[k]!]!;
  }
  return createSamples(samples, [height, width, channels.length]);
}

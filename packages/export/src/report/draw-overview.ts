// The picture of a report: a small image, and the outlines of nuclei over it as SVG.
import { toContiguous, type NucleusTable, type SegmentedImage } from '@hovernet/core';
import { encodePngRows } from '@hovernet/files';

/** Longest side of the picture, and most nuclei whose outlines are drawn. */
const longestPx = 1600;
export const mostOutlines = 50_000;

/** The image as a PNG of at most 1,600 pixels a side: of each square the pixel in its middle. */
export async function drawSmallImage({ image, width, height }: SegmentedImage): Promise<Uint8Array[]> {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / longestPx));
  const size = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  async function* listRows(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let row = 0; row < size.height; row++) {
      const y = Math.min(height - 1, row * step + (step >> 1));
      const pixels = toContiguous(await image.read([0, y, width, y + 1]));
      const small = new Uint8Array(3 * size.width);
      for (let column = 0; column < size.width; column++) {
        const from = 3 * Math.min(width - 1, column * step + (step >> 1));
        small.set(pixels.subarray(from, from + 3), 3 * column);
      }
      yield small;
    }
  }
  const parts: Uint8Array[] = [];
  for await (const part of encodePngRows({ ...size, kind: 'rgb' }, listRows())) parts.push(part);
  return parts;
}

/** Paths of the contours of `table`, by type; null for nuclei without one. */
export function listPaths({ count, types, contourStarts, contourPoints }: NucleusTable): Map<number | null, string> {
  const paths = new Map<number | null, string>();
  for (let row = 0; row < count; row++) {
    let path = '';
    for (let point = contourStarts[row]!; point < contourStarts[row + 1]!; point++)
      path += `${path === '' ? 'M' : ' '}${contourPoints[2 * point]!},${contourPoints[2 * point + 1]!}`;
    const type = types ? types[row]! : null;
    paths.set(type, `${paths.get(type) ?? ''}${path}z`);
  }
  return paths;
}

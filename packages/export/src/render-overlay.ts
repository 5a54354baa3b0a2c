// Draws the contours of nuclei on a copy of the image, in the colours of their classes.
import {
  ArgumentError,
  assertRgbImage,
  copyArray,
  type Nucleus,
  type NucleusClass,
  type Point,
  type RgbImage,
} from '@hovernet/core';
import { fallbackColor } from './fallback-color.js';

/** sRGB, 0…255 each. */
type Color = NucleusClass['color'];

export interface OverlayOptions {
  /**
   * Width of the lines, an integer ≥ 1. Of an even width, half lies inside the nucleus and half outside, so that 2 draws
   * one pixel on either side of its edge.
   * @default 2
   */
  readonly thicknessPx?: number;
  /**
   * Colour of nuclei without a type, or of a type that is not among the classes.
   * @default [0, 255, 0]
   */
  readonly fallbackColor?: Color;
}

/**
 * Copy of `image` `[height, width, 3]` with the contour of every nucleus on it; later nuclei are drawn over earlier ones.
 * A contour is closed, its vertices are joined by 8-connected lines, and what leaves the image is cut off. Time grows with
 * the length of the contours (and the copy).
 * @throws ShapeError if `image` is no RGB image; ArgumentError for a thickness that is no integer ≥ 1.
 */
export function renderOverlay(
  image: RgbImage,
  nuclei: readonly Pick<Nucleus, 'contour' | 'type'>[],
  classes: readonly NucleusClass[],
  options: OverlayOptions = {},
): RgbImage {
  const { thicknessPx = 2 } = options;
  const unknown = options.fallbackColor ?? fallbackColor;
  assertRgbImage('renderOverlay: image', image);
  if (!Number.isInteger(thicknessPx) || thicknessPx < 1) {
    throw new ArgumentError(`renderOverlay: expected thicknessPx an integer ≥ 1, got ${thicknessPx}`);
  }
  const overlay = copyArray(image);
  const [height, width] = overlay.shape as [number, number, number];
  const colors = new Map(classes.map(({ id, color }) => [id, color]));
  const brush = { offsets: listDisc(thicknessPx), reachesOut: thicknessPx % 2 === 0 };
  for (const { contour, type } of nuclei) {
    const color = (type === null ? undefined : colors.get(type)) ?? unknown;
    drawContour({ pixels: overlay.data, width, height, color, ...brush }, contour);
  }
  return overlay;
}

/** What a contour is drawn on and with. */
interface Pen {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly color: Color;
  /** dx, dy of every pixel of the brush, one after the other. */
  readonly offsets: Int32Array;
  /** Whether the brush is also set one pixel outward. */
  readonly reachesOut: boolean;
}

/** Pixels of a disc of the largest odd diameter ≤ `diameter`. */
function listDisc(diameter: number): Int32Array {
  const reach = Math.floor((diameter - 1) / 2);
  const squaredRadius = (reach + 0.5) ** 2;
  const offsets: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= squaredRadius) offsets.push(dx, dy);
  }
  return Int32Array.from(offsets);
}

function drawContour(pen: Pen, contour: readonly Point[]): void {
  const outward = isClockwise(contour) ? 1 : -1;
  contour.forEach((vertex, index) => {
    if (contour.length === 1) stamp(pen, Math.round(vertex[0]), Math.round(vertex[1]));
    else drawLine(pen, vertex, contour[(index + 1) % contour.length]!, outward);
  });
}

/** As seen on the screen, where y points down; the outside is then on the left of each line. */
function isClockwise(contour: readonly Point[]): boolean {
  let doubleArea = 0;
  contour.forEach(([x, y], index) => {
    const [nextX, nextY] = contour[(index + 1) % contour.length]!;
    doubleArea += x * nextY - nextX * y;
  });
  return doubleArea >= 0;
}

function drawLine(pen: Pen, from: Point, to: Point, outward: number): void {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const steps = Math.round(Math.max(Math.abs(dx), Math.abs(dy)));
  let x = Math.round(from[0]);
  let y = Math.round(from[1]);
  for (let step = 1; step <= steps; step++) {
    const nextX = Math.round(from[0] + (dx * step) / steps);
    const nextY = Math.round(from[1] + (dy * step) / steps);
    const outX = (nextY - y) * outward;
    const outY = (x - nextX) * outward;
    stampEdge(pen, x, y, outX, outY);
    stampEdge(pen, nextX, nextY, outX, outY);
    x = nextX;
    y = nextY;
  }
}

/** Of a diagonal, the two pixels beside it are taken, not the one at its corner: the line is as wide as a straight one. */
function stampEdge(pen: Pen, x: number, y: number, outX: number, outY: number): void {
  stamp(pen, x, y);
  if (!pen.reachesOut) return;
  if (outX !== 0) stamp(pen, x + outX, y);
  if (outY !== 0) stamp(pen, x, y + outY);
}

function stamp({ pixels, width, height, color, offsets }: Pen, x: number, y: number): void {
  for (let i = 0; i < offsets.length; i += 2) {
    const column = x + offsets[i]!;
    const row = y + offsets[i + 1]!;
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const pixel = (row * width + column) * 3;
    pixels[pixel] = color[0];
    pixels[pixel + 1] = color[1];
    pixels[pixel + 2] = color[2];
  }
}

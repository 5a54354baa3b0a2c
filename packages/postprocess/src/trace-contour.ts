// Outer border following of Suzuki and Abe (1985), as OpenCV's external contours with CHAIN_APPROX_SIMPLE.
import { ArgumentError, assertLabelMap, type LabelMap, type Point } from '@hovernet/core';

/** Directions 0…7 counter-clockwise on the screen from right: →, ↗, ↑, ↖, ←, ↙, ↓, ↘. */
const stepX = Int8Array.of(1, 1, 0, -1, -1, -1, 0, 1);
const stepY = Int8Array.of(0, -1, -1, -1, 0, 1, 1, 1);

/**
 * Outer border of the 8-connected region of equal labels that holds `start`, the raster index of that region's first pixel
 * (topmost, then leftmost). Points (x, y) are pixels of the region, beginning at `start`, counter-clockwise on the screen;
 * straight runs are compressed to their ends. One point for a single pixel, two for a straight line. Cost: its length.
 * @throws ArgumentError if `start` is outside the map or on background.
 */
export function traceContour(map: LabelMap, start: number): Point[] {
  assertLabelMap('traceContour', map);
  const [height, width] = map.shape as [number, number];
  const { data, offset } = map;
  const [strideY, strideX] = map.stride as [number, number];
  const startX = start % width;
  const startY = (start - startX) / width;
  const label = data[offset + startY * strideY + startX * strideX];
  if (!Number.isInteger(start) || !label || start < 0) {
    throw new ArgumentError(`traceContour: expected the raster index of a labelled pixel, got ${start}`);
  }
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[offset + y * strideY + x * strideX] === label;

  // The last pixel of the border is the first neighbour met clockwise from the left.
  let direction = 4;
  do direction = (direction + 7) & 7;
  while (direction !== 4 && !isInside(startX + stepX[direction]!, startY + stepY[direction]!));
  if (direction === 4) return [[startX, startY]];

  const lastX = startX + stepX[direction]!;
  const lastY = startY + stepY[direction]!;
  const contour: Point[] = [];
  let x = startX;
  let y = startY;
  let arrival = direction ^ 4;
  for (;;) {
    do direction = (direction + 1) & 7;
    while (!isInside(x + stepX[direction]!, y + stepY[direction]!));
    if (direction !== arrival) contour.push([x, y]);
    const nextX = x + stepX[direction]!;
    const nextY = y + stepY[direction]!;
    if (nextX === startX && nextY === startY && x === lastX && y === lastY) return contour;
    x = nextX;
    y = nextY;
    arrival = direction;
    direction ^= 4;
  }
}

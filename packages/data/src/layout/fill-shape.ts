// Pixels of polygons and ellipses, coordinates being those of pixels' centres.
type Shape = readonly [height: number, width: number];

/**
 * Calls `paint` with the index of each pixel in the polygon with corners (`xs[i]`, `ys[i]`), closed by itself: those inside,
 * by the even-odd rule where it crosses itself, and those on its outline.
 */
export function fillPolygon(
  xs: readonly number[],
  ys: readonly number[],
  shape: Shape,
  paint: (pixel: number) => void,
): void {
  const first = Math.max(0, Math.ceil(Math.min(...ys)));
  const last = Math.min(shape[0] - 1, Math.floor(Math.max(...ys)));
  for (let y = first; y <= last; y++) {
    const crossings = crossRow(xs, ys, y);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      paintRun(y, [Math.ceil(crossings[at]!), Math.floor(crossings[at + 1]!)], shape[1], paint);
    }
  }
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    paintLine([xs[j]!, ys[j]!], [xs[i]!, ys[i]!], shape, paint);
  }
}

/** Where the edges cross row `y`, ascending. An edge holds its upper end, so that each corner counts once. */
function crossRow(xs: readonly number[], ys: readonly number[], y: number): number[] {
  const crossings: number[] = [];
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [y0, y1] = [ys[j]!, ys[i]!];
    if (y0 <= y === y1 <= y) continue;
    crossings.push(xs[j]! + ((y - y0) / (y1 - y0)) * (xs[i]! - xs[j]!));
  }
  return crossings.sort((a, b) => a - b);
}

/** Calls `paint` with each pixel inside the ellipse that touches the sides of the box. */
export function fillEllipse(
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  [height, width]: Shape,
  paint: (pixel: number) => void,
): void {
  const [centerX, centerY] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const [radiusX, radiusY] = [(x1 - x0) / 2, (y1 - y0) / 2];
  for (let y = Math.max(0, Math.ceil(y0)); y <= Math.min(height - 1, Math.floor(y1)); y++) {
    const share = radiusY === 0 ? 0 : (y - centerY) / radiusY;
    const half = radiusX * Math.sqrt(Math.max(0, 1 - share * share));
    paintRun(y, [Math.ceil(centerX - half), Math.floor(centerX + half)], width, paint);
  }
}

function paintLine(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  [height, width]: Shape,
  paint: (pixel: number) => void,
): void {
  const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1));
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    if (x >= 0 && x < width && y >= 0 && y < height) paint(y * width + x);
  }
}

function paintRun(
  y: number,
  [from, to]: readonly [number, number],
  width: number,
  paint: (pixel: number) => void,
): void {
  for (let x = Math.max(0, from); x <= Math.min(width - 1, to); x++) paint(y * width + x);
}

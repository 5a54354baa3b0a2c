// Polygons along the edges of pixels: integer corners, area equal to the number of pixels, valid for JTS and GEOS.
import type { ShapeMask } from './shape-mask.js';

/** Corners x, y, x, y, …; the last is joined to the first, which is not repeated. */
export type Ring = readonly number[];

/** The outer ring, with positive area by the shoelace formula, then the holes, with negative. */
export type EdgePolygon = readonly Ring[];

/**
 * One polygon for each 4-connected part of `mask`. Pixel (x, y) is the square from corner (x, y) to (x + 1, y + 1). Where a ring
 * touches itself it is cut there, so that parts and holes meet in single corners. Cost: the box and the length of the edges.
 */
export function traceEdges(mask: ShapeMask): EdgePolygon[] {
  const outer: Ring[] = [];
  const holes: Ring[] = [];
  const { width, height, bits } = mask;
  const stride = width + 2;
  for (let y = 1; y <= height; y++) {
    for (let at = y * stride + 1, end = at + width; at < end; at++) {
      // Every ring has an edge that goes right: 2 marks that it was passed.
      if (bits[at] !== 1 || bits[at - stride] !== 0) continue;
      const ring: number[] = [];
      const parts = traceRing(mask, at, ring) ? cutRing(ring) : [ring];
      for (const part of parts) (measureArea(part) > 0 ? outer : holes).push(part);
    }
  }
  if (outer.length === 1) return [[outer[0]!, ...holes]];
  const polygons = outer.map((ring) => [ring]);
  const areas = outer.map(measureArea);
  for (const hole of holes) {
    let owner = -1;
    outer.forEach((ring, index) => {
      if ((owner < 0 || areas[index]! < areas[owner]!) && holdsRim(ring, hole)) owner = index;
    });
    polygons[owner]!.push(hole);
  }
  return polygons;
}

/**
 * Fills `ring` with the one whose top edge is that of the pixel `start`; the nucleus is on its right. Only corners where it turns.
 * Returns whether it may touch itself, at a corner of two pixels of the nucleus that share nothing else.
 */
function traceRing({ x0, y0, width, bits }: ShapeMask, start: number, ring: number[]): boolean {
  const stride = width + 2;
  // From the pixel on the right of an edge: the one ahead of it, and that one's neighbour on the left.
  const ahead = [1, stride, -1, -stride];
  const startRow = Math.floor(start / stride);
  ring.push(x0 + start - startRow * stride - 1, y0 + startRow - 1);
  let touches = false;
  let pixel = start;
  let direction = 0;
  do {
    if (direction === 0) bits[pixel] = 2;
    const next = pixel + ahead[direction]!;
    const beside = next + ahead[(direction + 3) & 3]!;
    if (bits[next] !== 0 && bits[beside] === 0) {
      pixel = next;
      continue;
    }
    // The corner at the end of the edge: of the pixel's four, the one ahead on the left.
    const row = Math.floor(pixel / stride);
    ring.push(
      x0 + pixel - row * stride - 1 + (direction === 0 || direction === 1 ? 1 : 0),
      y0 + row - 1 + (direction === 1 || direction === 2 ? 1 : 0),
    );
    if (bits[next] === 0) {
      direction = (direction + 1) & 3;
      touches ||= bits[beside] !== 0;
    } else {
      pixel = beside;
      direction = (direction + 3) & 3;
    }
  } while (pixel !== start || direction !== 0);
  // The start is there twice.
  ring.pop();
  ring.pop();
  return touches;
}

/** Parts of `ring` that pass no corner twice. */
function cutRing(ring: Ring): Ring[] {
  const parts: Ring[] = [];
  const rest: number[] = [];
  const places = new Map<number, number>();
  for (let i = 0; i < ring.length; i += 2) {
    const key = ring[i]! * 0x4000000 + ring[i + 1]!;
    const place = places.get(key);
    if (place !== undefined) {
      const part = rest.splice(place);
      for (let j = 0; j < part.length; j += 2) places.delete(part[j]! * 0x4000000 + part[j + 1]!);
      parts.push(part);
    }
    places.set(key, rest.length);
    rest.push(ring[i]!, ring[i + 1]!);
  }
  parts.push(rest);
  return parts;
}

/** Shoelace formula. */
function measureArea(ring: Ring): number {
  let double = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    double += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  return double / 2;
}

/** Whether the pixel of the nucleus beside the first edge of `hole` lies inside `ring`. */
function holdsRim(ring: Ring, hole: Ring): boolean {
  const [fromX, fromY, toX, toY] = hole as [number, number, number, number];
  const [dx, dy] = [Math.sign(toX - fromX), Math.sign(toY - fromY)];
  const x = fromX + dx / 2 - dy / 2;
  const y = fromY + dy / 2 + dx / 2;
  let isInside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [ay, by] = [ring[j + 1]!, ring[i + 1]!];
    if (ay > y !== by > y && ring[i]! > x) isInside = !isInside;
  }
  return isInside;
}

// A region that somebody drew, as QuPath exports annotations: GeoJSON (RFC 7946) in pixels of level 0.
import { ArgumentError } from '@hovernet/core';
import type { SlideReader } from '../slide-reader.js';
import type { TissueMask } from './tissue-mask.js';

type Ring = readonly (readonly [x: number, y: number])[];
/** An outer ring and its holes. */
type Polygon = readonly Ring[];

const maxCells = 4096;

/**
 * The cells that touch a polygon of `geojson`: a FeatureCollection, a list of features, a feature or a geometry. The grid has up to
 * 4,096 cells along the slide's longer side.
 * @throws ArgumentError where it holds no polygon.
 */
export function maskFromGeoJson(geojson: unknown, slide: Pick<SlideReader, 'levels' | 'name'>): TissueMask {
  const { width: slideWidth, height: slideHeight } = slide.levels[0]!;
  const polygons = listPolygons(geojson);
  if (polygons.length === 0)
    throw new ArgumentError(`region of ${slide.name}: expected GeoJSON with polygons, got none`);
  const cellPx = Math.max(1, Math.max(slideWidth, slideHeight) / maxCells);
  const [width, height] = [Math.ceil(slideWidth / cellPx), Math.ceil(slideHeight / cellPx)];
  const scale = [width / slideWidth, height / slideHeight] as const;
  const mask = { width, height, data: new Uint8Array(width * height) };
  for (const polygon of polygons) {
    const rings = polygon.map((ring) => ring.map(([x, y]) => [x * scale[0], y * scale[1]] as const));
    fillInside(mask, rings);
    for (const ring of rings) drawBorder(mask, ring);
  }
  return mask;
}

function listPolygons(geojson: unknown): Polygon[] {
  if (Array.isArray(geojson)) return geojson.flatMap(listPolygons);
  if (typeof geojson !== 'object' || geojson === null) return [];
  const { type, features, geometry, geometries, coordinates } = geojson as Record<string, unknown>;
  if (type === 'FeatureCollection') return listPolygons(features);
  if (type === 'Feature') return listPolygons(geometry);
  if (type === 'GeometryCollection') return listPolygons(geometries);
  if (type === 'Polygon') return [coordinates].filter(isPolygon);
  return type === 'MultiPolygon' && Array.isArray(coordinates) ? coordinates.filter(isPolygon) : [];
}

function isPolygon(value: unknown): value is Polygon {
  const isPoint = (point: unknown) => Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]);
  return Array.isArray(value) && value.length > 0 && value.every((ring) => Array.isArray(ring) && ring.every(isPoint));
}

/** By the even-odd rule at the middle of each row, so that holes stay open. */
function fillInside({ width, height, data }: TissueMask, rings: readonly Ring[]): void {
  for (let row = 0; row < height; row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i++) {
        const [x0, y0] = ring[i]!;
        const [x1, y1] = ring[(i + 1) % ring.length]!;
        if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0));
      }
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const start = Math.max(0, Math.floor(crossings[i]!));
      data.fill(
        1,
        row * width + Math.min(width, start),
        row * width + Math.max(start, Math.min(width, Math.ceil(crossings[i + 1]!))),
      );
    }
  }
}

/** Cells along a ring, so that thin parts are not lost between the middles of rows. */
function drawBorder({ width, height, data }: TissueMask, ring: Ring): void {
  for (let i = 0; i < ring.length; i++) {
    const [x0, y0] = ring[i]!;
    const [x1, y1] = ring[(i + 1) % ring.length]!;
    const steps = Math.min(4 * maxCells, Math.max(1, Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0))));
    for (let step = 0; step <= steps; step++) {
      const x = Math.floor(x0 + ((x1 - x0) * step) / steps);
      const y = Math.floor(y0 + ((y1 - y0) * step) / steps);
      if (x >= 0 && y >= 0 && x < width && y < height) data[y * width + x] = 1;
    }
  }
}

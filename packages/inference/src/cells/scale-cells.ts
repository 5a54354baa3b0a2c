// Between the pixels of an image and those of the resolution that it is segmented at: labels by the nearest pixel, one phase everywhere.
import { createLabelMap, createNucleusTable, toContiguous, type Cell } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import type { CellNuclei } from './select-nuclei.js';
import { planOf, type CellPlan } from './plan-cells.js';

/** Sides of an image, in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** `cells` of a resampled image as cells of the image itself. */
export function scaleCells(cells: CellPlan, image: ImageSize): CellPlan {
  if (cells.width === image.width && cells.height === image.height) return cells;
  const x = (position: number) => firstPixel(position, image.width, cells.width);
  const y = (position: number) => firstPixel(position, image.height, cells.height);
  return planOf(image.height, image.width, cells.rowEnds.map(y), cells.columnEnds.map(x), (core, index) => {
    const [x0, y0, x1, y1] = cells.cells[index]!.seen;
    return [Math.min(core[0], x(x0)), Math.min(core[1], y(y0)), Math.max(core[2], x(x1)), Math.max(core[3], y(y1))];
  });
}

/** The first pixel of `length` whose centre maps to `position` or beyond, where the axis has `scaledLength` pixels. */
function firstPixel(position: number, length: number, scaledLength: number): number {
  if (position >= scaledLength) return length;
  return Math.max(0, Math.ceil((position * length) / scaledLength - 0.5));
}

/** A cell in both resolutions. */
export interface ScaledPlaces {
  readonly cell: Cell;
  readonly scaledCell: Cell;
  readonly image: ImageSize;
  readonly scaled: ImageSize;
}

/**
 * What was found in `scaledCell` of an image of `scaled` pixels, in the pixels of `cell` of the image itself. A nucleus that has
 * no pixel left is dropped; types stay.
 */
export function scaleNuclei(
  { instanceMap, table }: CellNuclei,
  { cell, scaledCell, image, scaled }: ScaledPlaces,
): CellNuclei {
  const [x0, y0, x1, y1] = cell.seen;
  const [width, height] = [x1 - x0, y1 - y0];
  const from = toContiguous(instanceMap);
  const columns = mapAxis(x0, x1, image.width, scaled.width, [scaledCell.seen[0], scaledCell.seen[2]]);
  const rows = mapAxis(y0, y1, image.height, scaled.height, [scaledCell.seen[1], scaledCell.seen[3]]);
  const stride = scaledCell.seen[2] - scaledCell.seen[0];
  const labels = createLabelMap(height, width);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) labels.data[at] = from[rows[y]! * stride + columns[x]!]!;
  }
  const nuclei = describeNuclei(labels);
  // Ids are 1…n in the table, which may have lost some.
  const newIds = new Int32Array(table.count + 1);
  const described = nuclei.map((nucleus, index) => {
    newIds[nucleus.id] = index + 1;
    const row = nucleus.id - 1;
    return {
      ...nucleus,
      id: index + 1,
      type: table.types ? table.types[row]! : null,
      typeProbability: table.typeProbabilities ? table.typeProbabilities[row]! : null,
    };
  });
  for (let i = 0; i < labels.data.length; i++) labels.data[i] = newIds[labels.data[i]!]!;
  return { instanceMap: labels, table: createNucleusTable(described, { isTyped: table.types !== null }) };
}

/** For each pixel from `start` to before `end`, the nearest pixel of the scaled axis, counted from `seen`'s first and kept inside it. */
function mapAxis(
  start: number,
  end: number,
  length: number,
  scaledLength: number,
  [first, last]: readonly [number, number],
): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => {
    const nearest = Math.floor(((start + i + 0.5) * scaledLength) / length);
    return Math.min(Math.max(nearest, first), last - 1) - first;
  });
}

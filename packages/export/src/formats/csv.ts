// A table of nuclei, one a row: place, type, shape, stain.
import { toContiguous, type NucleusTable, type SegmentedImage } from '@hovernet/core';
import { measureShape, type ShapeMeasures } from '../morphology/measure-shape.js';
import { measureStain } from '../morphology/measure-stain.js';
import { readShapes } from '../shapes/read-shapes.js';
import type { ResultFormat } from './format.js';

export const csvFormat: ResultFormat = {
  name: 'csv',
  description: 'a table of the nuclei with shape and stain, for pandas, R and spreadsheets',
  isText: true,
  files: [{ name: 'csv', ending: '.csv', encode: (image) => encodeTable(image, ',') }],
};

export const tsvFormat: ResultFormat = {
  name: 'tsv',
  description: 'the same table with tabs',
  isText: true,
  files: [{ name: 'tsv', ending: '.tsv', encode: (image) => encodeTable(image, '\t') }],
};

/** Shape in pixels; lengths and areas again in µm where the resolution is known. */
const shapeColumns: readonly (readonly [name: string, measure: keyof ShapeMeasures])[] = [
  ['area_px', 'area'],
  ['perimeter_px', 'perimeter'],
  ['equivalent_diameter_px', 'equivalentDiameter'],
  ['major_axis_px', 'majorAxis'],
  ['minor_axis_px', 'minorAxis'],
  ['eccentricity', 'eccentricity'],
  ['orientation_rad', 'orientation'],
  ['solidity', 'solidity'],
  ['circularity', 'circularity'],
];
const placeColumns = ['id', 'type', 'type_name', 'type_prob', 'x', 'y', 'x0', 'y0', 'x1', 'y1'];
const lengthColumns = shapeColumns.filter(([name]) => name.endsWith('_px'));
const stainColumns = ['hematoxylin_od_mean', 'hematoxylin_od_sd', 'eosin_od_mean', 'eosin_od_sd'];

async function* encodeTable(image: SegmentedImage, separator: ',' | '\t'): AsyncGenerator<string, void, undefined> {
  const { classes, mpp, hasImage = true } = image;
  const inMicrometres = mpp === null ? [] : lengthColumns.map(([name]) => toMicrometres(name));
  const columns = [...placeColumns, ...shapeColumns.map(([name]) => name), ...inMicrometres];
  yield `${[...columns, ...(hasImage ? stainColumns : [])].join(separator)}\n`;
  const names = new Map(classes.map(({ id, name }) => [id, quote(name, separator)]));
  for await (const { table, start, end, box, maskOf } of readShapes(image)) {
    const pixels = hasImage ? toContiguous(await image.image.read(box)) : null;
    let lines = '';
    for (let row = start; row < end; row++) {
      const mask = maskOf(row);
      const shape = measureShape(mask);
      const cells = listPlace(table, row, names);
      for (const [, measure] of shapeColumns) cells.push(format(shape[measure]));
      if (mpp !== null) {
        for (const [name, measure] of lengthColumns)
          cells.push(format(shape[measure] * (name.startsWith('area') ? mpp ** 2 : mpp)));
      }
      if (pixels) {
        const stain = measureStain(mask, { box, pixels });
        cells.push(format(stain.hematoxylinMean), format(stain.hematoxylinDeviation));
        cells.push(format(stain.eosinMean), format(stain.eosinDeviation));
      }
      lines += `${cells.join(separator)}\n`;
    }
    yield lines;
  }
}

function listPlace(
  { ids, boxes, centroids, types, typeProbabilities }: NucleusTable,
  row: number,
  names: ReadonlyMap<number, string>,
): (number | string)[] {
  return [
    ids[row]!,
    types ? types[row]! : '',
    (types && names.get(types[row]!)) ?? '',
    typeProbabilities ? typeProbabilities[row]! : '',
    centroids[2 * row]!,
    centroids[2 * row + 1]!,
    boxes[4 * row]!,
    boxes[4 * row + 1]!,
    boxes[4 * row + 2]!,
    boxes[4 * row + 3]!,
  ];
}

function toMicrometres(column: string): string {
  return column.replace(/_px$/, column.startsWith('area') ? '_um2' : '_um');
}

/** Cells without a value are empty. */
function format(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}

/** As RFC 4180: quotes around what holds a separator, a quote or a line break. */
function quote(text: string, separator: string): string {
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

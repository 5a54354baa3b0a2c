// Tables of nuclei back to nuclei. They know places and types, not shapes.
import { createNucleusTable, FileError, type Nucleus, type NucleusClass } from '@hovernet/core';
import type { NucleiFile } from './nuclei-file.js';
import { nameTypes, numberClasses } from './number-classes.js';

export interface ParseTableOptions {
  /** Opens the messages of errors. @default 'table' */
  readonly path?: string;
  /** Classes by id and name. @default those of the table */
  readonly classes?: readonly NucleusClass[] | undefined;
}

/**
 * Nuclei of a table that the formats csv, tsv and qupath wrote; the first line tells separator and columns. Contours are empty.
 * @throws FileError for missing columns and for cells that are no numbers.
 */
export function parseTable(text: string, options: ParseTableOptions = {}): NucleiFile {
  const { path = 'table' } = options;
  const separator = /^[^\n]*\t/.test(text) ? '\t' : ',';
  const [header, ...rows] = splitTable(text, separator);
  const places = new Map(header?.map((name, index) => [name, index]));
  for (const name of ['x', 'y'])
    if (!places.has(name))
      throw new FileError(path, `expected a column ${name}, got ${header?.join(', ') ?? 'no line'}`);
  const records = rows.map((cells, index) => {
    const cell = (name: string) => cells[places.get(name) ?? -1] ?? '';
    const number = (name: string): number | null => {
      const value = cell(name);
      if (value === '') return null;
      if (!Number.isFinite(Number(value)))
        throw new FileError(path, `line ${index + 2}: ${name}: expected a number, got '${value}'`);
      return Number(value);
    };
    return {
      number,
      name: cell(places.has('type_name') ? 'type_name' : 'name') || null,
      color: unpack(number('color')),
    };
  });
  const isNumbered = places.has('type');
  const classes = options.classes ?? listClasses(records, isNumbered);
  const idOf = new Map(classes.map(({ id, name }) => [name, id]));
  const nuclei = records.map(({ number, name }, index): Nucleus => {
    const [x, y] = [number('x') ?? 0, number('y') ?? 0];
    const type = isNumbered ? number('type') : name === null ? null : (idOf.get(name) ?? 0);
    return {
      id: number('id') ?? index + 1,
      box: [
        number('x0') ?? Math.round(x),
        number('y0') ?? Math.round(y),
        number('x1') ?? Math.round(x) + 1,
        number('y1') ?? Math.round(y) + 1,
      ],
      centroid: [x, y],
      contour: [],
      type,
      typeProbability: type === null ? null : (number('type_prob') ?? 1),
    };
  });
  nuclei.sort((a, b) => a.id - b.id);
  const isTyped = nuclei.some(({ type }) => type !== null);
  const [width, height] = [2, 3].map((end) => nuclei.reduce((most, { box }) => Math.max(most, box[end]!), 1));
  return {
    image: { width: width!, height: height!, mpp: mppOf(records) },
    classes,
    isTyped,
    table: createNucleusTable(nuclei, { isTyped }),
    runsOf: () => [],
  };
}

interface TableRecord {
  readonly number: (name: string) => number | null;
  readonly name: string | null;
  readonly color: NucleusClass['color'] | null;
}

/** Ids as numbered in the table, else names in their order. */
function listClasses(records: readonly TableRecord[], isNumbered: boolean): NucleusClass[] {
  if (!isNumbered) return numberClasses(records.filter(({ name }) => name !== 'nolabel'));
  const names = new Map<number, string>();
  for (const { number, name } of records) if (name !== null) names.set(number('type') ?? 0, name);
  const count = records.reduce((most, { number }) => Math.max(most, number('type') ?? 0), 0);
  return nameTypes(count).map((known) => ({ ...known, name: names.get(known.id) ?? known.name }));
}

/** Micrometres per pixel, from a length in both units. */
function mppOf(records: readonly TableRecord[]): number | null {
  for (const { number } of records) {
    const [px, um] = [number('equivalent_diameter_px'), number('equivalent_diameter_um')];
    if (px && um) return Number((um / px).toPrecision(12));
  }
  return null;
}

function unpack(packed: number | null): NucleusClass['color'] | null {
  return packed === null ? null : [(packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff];
}

/** Cells of the lines of `text`; cells in quotes may hold separators, line breaks and doubled quotes. */
function splitTable(text: string, separator: string): string[][] {
  if (!text.includes('"')) {
    return text
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line) => line.split(separator));
  }
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'y');
  while (cell.lastIndex < text.length) {
    const [, quoted, plain, end] = cell.exec(text) ?? [];
    if (end === undefined) break;
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === separator) continue;
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}

// Comma-separated tables with a header, as data sets publish them.
import { FileError } from '@hovernet/core';
import { readFileBytes } from './read-file-bytes.js';

/**
 * Rows of the table at `path`, cells by the names of `columns`; quoted cells may hold commas, but
 * neither quotes nor line breaks.
 * @throws FileError if the file is missing or a column is.
 */
export async function readCsv<Name extends string>(
  path: string,
  columns: readonly Name[],
): Promise<Record<Name, string>[]> {
  const lines = new TextDecoder().decode(await readFileBytes(path)).split(/\r?\n/);
  const header = splitRow(lines[0] ?? '');
  const places = columns.map((name): [Name, number] => {
    const place = header.findIndex((cell) => cell.toLowerCase() === name.toLowerCase());
    if (place < 0) throw new FileError(path, `expected a column ${name}, got ${header.join(', ')}`);
    return [name, place];
  });
  return lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = splitRow(line);
      return Object.fromEntries(places.map(([name, place]) => [name, cells[place] ?? ''])) as Record<Name, string>;
    });
}

function splitRow(line: string): string[] {
  const cells = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) cells.push('');
    else cells[cells.length - 1] += character;
  }
  return cells.map((cell) => cell.trim());
}

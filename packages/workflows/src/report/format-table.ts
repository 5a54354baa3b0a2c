// Tables in plain text.
import { escapeControls } from './escape-controls.js';

/** A cell; numbers are set flush right. */
export type TableCell = string | number | null;

export interface TableOptions {
  /** Digits behind the point in columns that do not hold integers alone. @default 4 */
  readonly digits?: number;
}

/**
 * Aligned columns under their headers, separated by two spaces; null becomes `–`, NaN `n/a`. Columns of numbers are set
 * flush right. Every row has as many cells as there are headers.
 */
export function formatTable(
  headers: readonly string[],
  rows: readonly (readonly TableCell[])[],
  options: TableOptions = {},
): string {
  const { digits = 4 } = options;
  const numeric = headers.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const places = headers.map((_, column) => (rows.some((row) => isFraction(row[column])) ? digits : 0));
  const cells = rows.map((row) => row.map((cell, column) => formatCell(cell, places[column]!)));
  const widths = headers.map((header, column) =>
    cells.reduce((width, row) => Math.max(width, (row[column] ?? '').length), header.length),
  );
  const lines = [headers, widths.map((width) => '─'.repeat(width)), ...cells].map((row) =>
    row
      .map((text, column) => (numeric[column] ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

function formatCell(cell: TableCell, digits: number): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return escapeControls(cell);
  if (Number.isNaN(cell)) return 'n/a';
  return cell.toFixed(digits);
}

function isFraction(cell: TableCell | undefined): boolean {
  return typeof cell === 'number' && Number.isFinite(cell) && !Number.isInteger(cell);
}

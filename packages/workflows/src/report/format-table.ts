// Tables in plain text.

/** A cell; numbers are set flush right and keep the digits of `digits`. */
export type TableCell = string | number | null;

export interface TableOptions {
  /** Digits behind the point of numbers that are not integers. @default 4 */
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
  const cells = rows.map((row) => row.map((cell) => formatCell(cell, digits)));
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...cells.map((row) => (row[column] ?? '').length)),
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
  if (typeof cell === 'string') return cell;
  if (Number.isNaN(cell)) return 'n/a';
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(digits);
}

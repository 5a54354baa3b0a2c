// A cell's own nuclei as bytes: table, masks, and four numbers at the end.
import type { OwnNuclei } from '../cells/select-nuclei.js';
import { packTable, tableBytes, unpackTable } from '../scratch/tables.js';

const footerBytes = 16;

export function packCell({ table, masks, beyondHalo }: OwnNuclei): Uint8Array<ArrayBuffer> {
  const packed = packTable(table);
  const bytes = new Uint8Array(packed.length + masks.length + footerBytes);
  bytes.set(packed);
  bytes.set(masks, packed.length);
  const footer = new DataView(bytes.buffer, bytes.length - footerBytes);
  const numbers = [table.count, table.contourPoints.length / 2, table.types === null ? 0 : 1, beyondHalo];
  numbers.forEach((value, at) => footer.setUint32(4 * at, value, true));
  return bytes;
}

export function unpackCell(packed: Uint8Array): OwnNuclei {
  // Columns need memory of their own: they begin at multiples of 8 bytes.
  const bytes = new Uint8Array(packed);
  const footer = new DataView(bytes.buffer, bytes.length - footerBytes);
  const [count, points, typed, beyondHalo] = [0, 4, 8, 12].map((at) => footer.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const table = unpackTable(bytes, { count, points, isTyped: typed === 1 });
  const start = tableBytes(table);
  return { table, masks: bytes.slice(start, bytes.length - footerBytes), beyondHalo };
}

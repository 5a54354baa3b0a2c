// Pictures in rows of groups, on a plain ground.
import { createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

/** A row: groups of pictures, each a picture wide or several. */
export type SheetRow = readonly (readonly RgbImage[])[];

export interface SheetLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Upper left corner of each picture: row, group, picture. */
  readonly corners: readonly (readonly (readonly (readonly [x: number, y: number])[])[])[];
}

type Size = readonly [height: number, width: number];

/** Spaces between pictures (and around all of them) and between groups, in pixels of the sheet. */
export const sheetGapsPx = { picture: 12, group: 36 } as const;

/** Where pictures of these sizes lie: in columns, each row as high as its highest picture, the others in its middle. */
export function layOutSheet(rows: readonly (readonly (readonly Size[])[])[]): SheetLayout {
  const { picture: gap, group: groupGap } = sheetGapsPx;
  let widthPx = 0;
  let y = gap;
  const corners = rows.map((groups) => {
    const rowHeight = Math.max(0, ...groups.flat().map(([height]) => height));
    let x = gap;
    const placed = groups.map((pictures, index) => {
      if (index > 0) x += groupGap - gap;
      return pictures.map(([height, width]) => {
        const corner = [x, y + ((rowHeight - height) >> 1)] as const;
        x += width + gap;
        return corner;
      });
    });
    widthPx = Math.max(widthPx, x);
    y += rowHeight + gap;
    return placed;
  });
  return { widthPx, heightPx: y, corners };
}

/** The sheet: white, with the pictures of `rows` where {@link layOutSheet} places them. */
export function composeSheet(rows: readonly SheetRow[]): RgbImage {
  const sizes = rows.map((groups) => groups.map((group) => group.map(({ shape }) => [shape[0]!, shape[1]!] as const)));
  const { widthPx, heightPx, corners } = layOutSheet(sizes);
  const sheet = createRgbImage(heightPx, widthPx, new Uint8Array(heightPx * widthPx * 3).fill(255));
  rows.forEach((groups, row) => {
    groups.forEach((pictures, group) => {
      pictures.forEach((picture, index) => paste(sheet, picture, corners[row]![group]![index]!));
    });
  });
  return sheet;
}

function paste(sheet: RgbImage, picture: RgbImage, [x, y]: readonly [number, number]): void {
  const stride = sheet.shape[1]! * 3;
  const rowLength = picture.shape[1]! * 3;
  const source = toContiguous(picture);
  for (let row = 0; row < picture.shape[0]!; row++) {
    const line = source.subarray(row * rowLength, (row + 1) * rowLength);
    sheet.data.set(line, (y + row) * stride + x * 3);
  }
}

// Label maps as horizontal segments of equal labels: what is summed over a segment costs nothing a pixel.

/** Pixels [start, end) of row `y` that have the same positive label; `first` is the raster index of the first one. */
export type VisitSegment = (label: number, y: number, start: number, end: number, first: number) => void;

/** Calls `visit` with every segment of a label map in C order, in raster order. */
export function forEachSegment(labels: Int32Array, width: number, visit: VisitSegment): void {
  for (let row = 0, y = 0; row < labels.length; row += width, y++) {
    const next = row + width;
    for (let i = row; i < next;) {
      const label = labels[i]!;
      if (label <= 0) {
        i++;
        continue;
      }
      const first = i;
      do i++;
      while (i < next && labels[i] === label);
      visit(label, y, first - row, i - row, first);
    }
  }
}

/** The greatest value, 0 of none. */
export function findGreatest(values: Int32Array | Uint8Array): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > greatest) greatest = values[i]!;
  return greatest;
}

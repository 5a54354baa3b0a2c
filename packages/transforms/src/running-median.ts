// Median of squares of any odd side, by a histogram that slides along the row (Huang, Yang and Tang 1979).

/**
 * `source` and result: interleaved RGB, `height` rows of `width` pixels. Median of the square of `2·radiusPx + 1` pixels
 * around each value, channel by channel; the edge is repeated outside. O(pixels · radius).
 */
export function runningMedian(source: Uint8Array, height: number, width: number, radiusPx: number): Uint8Array {
  const output = new Uint8Array(source.length);
  const side = 2 * radiusPx + 1;
  const rank = (side * side) >> 1;
  const counts = new Uint32Array(256);
  const rowStarts = new Int32Array(side);
  for (let row = 0; row < height; row++) {
    for (let k = 0; k < side; k++) rowStarts[k] = clamp(row + k - radiusPx, height) * width * 3;
    for (let channel = 0; channel < 3; channel++) {
      counts.fill(0);
      // The median so far, and how many values of the square are below it.
      let median = 0;
      let below = 0;
      const count = (column: number, step: 1 | -1) => {
        const at = clamp(column, width) * 3 + channel;
        for (let k = 0; k < side; k++) {
          const value = source[rowStarts[k]! + at]!;
          counts[value]! += step;
          if (value < median) below += step;
        }
      };
      for (let column = -radiusPx; column < radiusPx; column++) count(column, 1);
      for (let column = 0; column < width; column++) {
        count(column + radiusPx, 1);
        while (below > rank) below -= counts[--median]!;
        while (below + counts[median]! <= rank) below += counts[median++]!;
        output[(row * width + column) * 3 + channel] = median;
        count(column - radiusPx, -1);
      }
    }
  }
  return output;
}

function clamp(index: number, length: number): number {
  return index < 0 ? 0 : index < length ? index : length - 1;
}

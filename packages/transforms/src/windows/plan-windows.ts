// Sliding windows over an image for a network whose output is smaller than its input, as MONAI's HoVer-Net inferer.
import { ArgumentError } from '@hovernet/core';

/** Sizes of the network's square windows, in pixels. */
export interface WindowSize {
  /** Side of the input, for example 256. */
  readonly input: number;
  /** Side of the output, the input's centre, for example 164. */
  readonly output: number;
}

/** Output areas of all windows in pixels of the image; a window starts at each pair of a row and a column. */
export interface WindowPlan {
  readonly size: WindowSize;
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** First image row of every row of windows; negative where the image is smaller than one output. */
  readonly rowStarts: readonly number[];
  /** First image column of every column of windows. */
  readonly columnStarts: readonly number[];
}

/** Number of windows of a plan; window i is in row ⌊i / columns⌋. */
export function countWindows(plan: WindowPlan): number {
  return plan.rowStarts.length * plan.columnStarts.length;
}

/** First row and column of the output of window `index`, row-major, in image pixels. */
export function windowOrigin(plan: WindowPlan, index: number): { readonly row: number; readonly column: number } {
  const columns = plan.columnStarts.length;
  return { row: plan.rowStarts[Math.floor(index / columns)]!, column: plan.columnStarts[index % columns]! };
}

/**
 * Covers an image of `height` × `width` pixels: outputs lie side by side, the last one of each axis is moved back to
 * end with the image, and an image smaller than one output is centred in it.
 * @throws ArgumentError unless both sides are positive and the margin (input − output)/2 is whole.
 */
export function planWindows(height: number, width: number, size: WindowSize): WindowPlan {
  const margin = (size.input - size.output) / 2;
  if (!(height > 0 && width > 0 && size.output > 0 && Number.isInteger(margin) && margin >= 0)) {
    throw new ArgumentError(
      `planWindows: expected a non-empty image and windows with an even margin, got ${height}×${width} and ${size.input} → ${size.output}`,
    );
  }
  return {
    size,
    imageHeight: height,
    imageWidth: width,
    rowStarts: planAxis(height, size.output),
    columnStarts: planAxis(width, size.output),
  };
}

function planAxis(length: number, output: number): number[] {
  if (length <= output) return [-Math.floor((output - length) / 2)];
  const starts: number[] = [];
  for (let start = 0; start + output < length; start += output) starts.push(start);
  starts.push(length - output);
  return starts;
}

// Connected parts of a mask: numbered, or dropped where they are small.
import type { LabelMap } from '@hovernet/core';
import { maskElements, planeSize, wrapPlane, type Mask } from './planes.js';
import { connectRuns, findRuns, measureComponents, type Connectivity } from './runs.js';

export interface LabelComponentsOptions {
  /** @default 4 */
  readonly connectivity?: Connectivity;
  /**
   * Components of fewer pixels become background; the numbers of the others do not change, so labels may have gaps.
   * @default 1
   */
  readonly minAreaPx?: number;
}

/**
 * Labels 1, 2, … of the connected components of `mask`, `[height, width]`; 0 outside. As `skimage.measure.label`
 * followed by `remove_small_objects`. Linear in the number of pixels.
 */
export function labelComponents(mask: Mask, options: LabelComponentsOptions = {}): LabelMap {
  const { connectivity = 4, minAreaPx = 1 } = options;
  const [height, width] = planeSize('labelComponents', mask);
  const runs = findRuns(maskElements('labelComponents', mask), height, width, true);
  const components = connectRuns(runs, connectivity);
  const area = measureComponents(runs, components);
  const labels = new Int32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let run = runs.rowOffset[y]!; run < runs.rowOffset[y + 1]!; run++) {
      const component = components.component[run]!;
      if (area[component]! < minAreaPx) continue;
      labels.fill(component + 1, y * width + runs.start[run]!, y * width + runs.end[run]!);
    }
  }
  return wrapPlane(labels, height, width);
}

export interface RemoveSmallObjectsOptions {
  /** Smallest area that stays. @default 10 */
  readonly minAreaPx?: number;
  /** @default 4 */
  readonly connectivity?: Connectivity;
}

/** New mask without the connected components of `mask` that have fewer than `minAreaPx` pixels. */
export function removeSmallObjects(mask: Mask, options: RemoveSmallObjectsOptions = {}): Mask {
  const { minAreaPx = 10, connectivity = 4 } = options;
  const [height, width] = planeSize('removeSmallObjects', mask);
  const runs = findRuns(maskElements('removeSmallObjects', mask), height, width, true);
  const components = connectRuns(runs, connectivity);
  const area = measureComponents(runs, components);
  const kept = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let run = runs.rowOffset[y]!; run < runs.rowOffset[y + 1]!; run++) {
      if (area[components.component[run]!]! < minAreaPx) continue;
      kept.fill(1, y * width + runs.start[run]!, y * width + runs.end[run]!);
    }
  }
  return wrapPlane(kept, height, width);
}

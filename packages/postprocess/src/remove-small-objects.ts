// Takes specks out of a mask.
import { maskElements, planeSize, wrapPlane, type Mask } from './planes.js';
import { connectRuns, findRuns, measureComponents, type Connectivity } from './runs.js';

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

// Fills the background that an object encloses.
import { maskElements, planeSize, wrapPlane, type Mask } from './planes.js';
import { connectRuns, findRuns, type Connectivity, type RunComponents, type Runs } from './runs.js';

export interface FillHolesOptions {
  /**
   * How background pixels touch: with 4, a hole that reaches the outside only through a diagonal is filled (the original's
   * rule); with 8 it stays open (MONAI's rule). @default 8
   */
  readonly backgroundConnectivity?: Connectivity;
}

/** New mask in which every background component that does not touch the edge of the plane is inside. */
export function fillHoles(mask: Mask, options: FillHolesOptions = {}): Mask {
  const { backgroundConnectivity = 8 } = options;
  const [height, width] = planeSize('fillHoles', mask);
  const runs = findRuns(maskElements('fillHoles', mask), height, width, false);
  const components = connectRuns(runs, backgroundConnectivity);
  const isOpen = findOpenComponents(runs, components, height, width);
  const filled = new Uint8Array(height * width).fill(1);
  for (let y = 0; y < height; y++) {
    for (let run = runs.rowOffset[y]!; run < runs.rowOffset[y + 1]!; run++) {
      if (isOpen[components.component[run]!] === 0) continue;
      filled.fill(0, y * width + runs.start[run]!, y * width + runs.end[run]!);
    }
  }
  return wrapPlane(filled, height, width);
}

/** 1 for each component with a pixel at the edge of the plane. */
function findOpenComponents(runs: Runs, components: RunComponents, height: number, width: number): Uint8Array {
  const isOpen = new Uint8Array(components.count);
  for (let y = 0; y < height; y++) {
    const edgeRow = y === 0 || y === height - 1;
    for (let run = runs.rowOffset[y]!; run < runs.rowOffset[y + 1]!; run++) {
      const touchesEdge = edgeRow || runs.start[run] === 0 || runs.end[run] === width;
      if (touchesEdge) isOpen[components.component[run]!] = 1;
    }
  }
  return isOpen;
}

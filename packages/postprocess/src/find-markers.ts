// One seed for each nucleus: what remains of the mask when its borders are taken away.
import type { LabelMap, Reference } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { forEachRun, packForeground, packValues, type Foreground } from './foreground.js';
import { labelComponents } from './label-components.js';
import { openMask } from './open-mask.js';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Mask } from './planes.js';
import { connectRuns, findRuns, type Connectivity, type RunComponents, type Runs } from './runs.js';

export interface FindMarkersOptions {
  /** Pixels of at least this border value belong to no marker. @default 0.4 */
  readonly threshold?: number;
  /** Radius of the opening that rubs off thin links. @default 2 */
  readonly radiusPx?: number;
  /** Smaller markers are dropped. @default 10 */
  readonly minAreaPx?: number;
  /** `hover_net` also fills holes that are open through a diagonal only, and opens with a 17-pixel ellipse. @default 'monai' */
  readonly reference?: Reference;
}

/**
 * Markers `[height, width]`, labelled in raster order before small ones are dropped, so labels may have gaps. Filled holes
 * of the mask are part of a marker. `border`: as {@link computeBorderMap} makes it.
 */
export function findMarkers(border: NdArray<Float32Array>, mask: Mask, options: FindMarkersOptions = {}): LabelMap {
  const [height, width] = planeSize('findMarkers: mask', mask);
  assertPlane('findMarkers: border', border, height, width);
  const foreground = packForeground(maskElements('findMarkers', mask), height, width);
  return markForeground(packValues(foreground, realElements(border)), foreground, options);
}

/** {@link findMarkers} from the border of packed pixels. */
export function markForeground(border: Float32Array, foreground: Foreground, options: FindMarkersOptions): LabelMap {
  const { threshold = 0.4, radiusPx = 2, minAreaPx = 10, reference = 'monai' } = options;
  const { height, width } = foreground;
  const core = new Uint8Array(height * width);
  forEachRun(foreground, (first, end, at) => {
    for (let i = first; i < end; i++) core[i] = border[at++]! < threshold ? 1 : 0;
  });
  const filled = fillHoles(wrapPlane(core, height, width), {
    backgroundConnectivity: reference === 'hover_net' ? 4 : 8,
  });
  const opened = openMask(filled, { radiusPx, element: reference === 'hover_net' ? 'ellipse' : 'disk' });
  return labelComponents(opened, { connectivity: 4, minAreaPx });
}

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

// From the raw maps of the network to nuclei: mask → border → distance and markers → watershed → description.
import {
  areFinite,
  ArgumentError,
  assertRawMaps,
  toContiguous,
  type LabelMap,
  type RawMaps,
  type Reference,
  type Segmentation,
} from '@hovernet/core';
import { renumberLabels } from './compact-labels.js';
import { measureBorder } from './compute-border-map.js';
import { createDistanceReader, type DistanceSmoothing } from './compute-distance-map.js';
import { describeNuclei, paintTypes } from './describe-nuclei.js';
import { markForeground } from './find-markers.js';
import { floodForeground } from './flood-markers.js';
import { packForeground } from './foreground.js';
import { notFinite } from './normalize-range.js';
import { removeSmallObjects } from './label-components.js';
import { thresholdLogits } from './classify-pixels.js';

export interface SegmentNucleiOptions {
  /** Whose mask, smoothing, hole filling and opening. @default 'monai' */
  readonly reference?: Reference;
  /** Pixels of at least this border value belong to no marker; MONAI's evaluation used 0.5. @default 0.4 */
  readonly markerThreshold?: number;
  /** Size of the derivative kernel, odd, at least 3. @default 21 */
  readonly sobelKernelSize?: number;
  /**
   * `tile`: the HoVer maps and their slopes are scaled by their ranges over the whole image, as the references do. `fixed`:
   * always alike, so that a nucleus gets the same border in whatever tile it is seen. @default 'tile'
   */
  readonly normalization?: 'tile' | 'fixed';
  /**
   * How the distance map, which the watershed floods, is smoothed. `{ sigmaPx: 0.4, approximation: 'sampled' }` gives the
   * instances published with MONAI's test logits. @default that of the reference: σ = 1 for `monai`, [¼, ½, ¼] for `hover_net`
   */
  readonly distanceSmoothing?: DistanceSmoothing | undefined;
  /** Radius of the opening of markers. @default 2 */
  readonly markerRadiusPx?: number;
  /** Smaller mask components and smaller markers are dropped. @default 10 */
  readonly minObjectAreaPx?: number;
  /** Keep the references' ids, which have gaps where a marker was too small, instead of 1…n. @default false */
  readonly keepReferenceIds?: boolean;
}

/**
 * Segments and classifies the nuclei of one image. Shapes and ranges of `rawMaps`: see {@link RawMaps}; all values finite.
 * Empty images, images without nuclei and constant HoVer maps give a segmentation without nuclei. Graham et al.
 * 2019, section 3.2; the instance map equals that of the chosen reference, other differences: docs/parity.md.
 * @throws ShapeError; ArgumentError for NaN and infinities in the maps and options out of range
 */
export function segmentNuclei(rawMaps: RawMaps, options: SegmentNucleiOptions = {}): Segmentation {
  assertRawMaps('segmentNuclei', rawMaps);
  assertOptions(options);
  assertFinite(rawMaps);
  const instanceMap = segmentInstances(rawMaps, options);
  const described = describeNuclei(instanceMap, { classLogits: rawMaps.nc });
  const typeMap = rawMaps.nc ? paintTypes(instanceMap, described) : null;
  if (options.keepReferenceIds) return { instanceMap, typeMap, nuclei: described };
  const ids = described.map(({ id }) => id);
  renumberLabels(instanceMap.data, instanceMap.shape[1]!, ids);
  return { instanceMap, typeMap, nuclei: described.map((nucleus, index) => ({ ...nucleus, id: index + 1 })) };
}

/** Wider ones have weights that numbers do not hold. */
const maxKernelSize = 501;

function assertOptions(options: SegmentNucleiOptions): void {
  const { reference = 'monai', markerThreshold = 0.4, sobelKernelSize: kernel = 21 } = options;
  const { markerRadiusPx = 2, minObjectAreaPx = 10, normalization = 'tile' } = options;
  const expect = (holds: boolean, name: keyof SegmentNucleiOptions, wanted: string) => {
    if (holds) return;
    throw new ArgumentError(`segmentNuclei: ${name}: expected ${wanted}, got ${String(options[name])}`);
  };
  expect(reference === 'monai' || reference === 'hover_net', 'reference', 'monai or hover_net');
  expect(normalization === 'tile' || normalization === 'fixed', 'normalization', 'tile or fixed');
  expect(Number.isFinite(markerThreshold), 'markerThreshold', 'a number');
  const isKernel = Number.isInteger(kernel) && kernel % 2 === 1 && kernel >= 3 && kernel <= maxKernelSize;
  expect(isKernel, 'sobelKernelSize', `an odd size of 3 to ${maxKernelSize}`);
  expect(markerRadiusPx >= 0 && markerRadiusPx <= maxKernelSize, 'markerRadiusPx', `a number of 0 to ${maxKernelSize}`);
  expect(minObjectAreaPx >= 0, 'minObjectAreaPx', 'a number of 0 or more');
}

/** Of hv the border is measured, which looks at every value. */
function assertFinite({ np, nc }: RawMaps): void {
  if (!areFinite(toContiguous(np))) throw notFinite('segmentNuclei: np');
  if (nc && !areFinite(toContiguous(nc))) throw notFinite('segmentNuclei: nc');
}

function segmentInstances(rawMaps: RawMaps, options: SegmentNucleiOptions): LabelMap {
  const { reference = 'monai', minObjectAreaPx = 10 } = options;
  const mask = removeSmallObjects(thresholdLogits(rawMaps.np, { reference }), { minAreaPx: minObjectAreaPx });
  const [height, width] = mask.shape as [number, number];
  const foreground = packForeground(mask.data, height, width);
  const border = measureBorder(rawMaps.hv, foreground, {
    kernelSize: options.sobelKernelSize ?? 21,
    normalization: options.normalization ?? 'tile',
  });
  const markers = markForeground(border, foreground, {
    reference,
    threshold: options.markerThreshold ?? 0.4,
    radiusPx: options.markerRadiusPx ?? 2,
    minAreaPx: minObjectAreaPx,
  });
  const readDistance = createDistanceReader(border, foreground, { reference, smoothing: options.distanceSmoothing });
  floodForeground(markers.data, foreground, readDistance);
  return markers;
}

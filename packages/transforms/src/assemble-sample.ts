// The deterministic end of both pipelines: scaling, HoVer maps on the whole field, crops.
import { ArgumentError, ShapeError, type LabelMap, type Reference, type RgbImage, type TypeMap } from '@hovernet/core';
import type { HueRounding } from './adjust-hue.js';
import { computeHoverMaps } from './compute-hover-maps.js';
import { cropCenter } from './crop-center.js';
import { extractForeground } from './extract-foreground.js';
import { centerBox, type FieldShape } from './region.js';
import type { TrainSample } from './sample.js';
import { scaleIntensity } from './scale-intensity.js';

export interface TransformOptions {
  /**
   * Side of the network's input in pixels: 256 (fast) or 270 (original).
   * @default 256
   */
  readonly windowSize?: number;
  /**
   * Side of the network's output in pixels: 164 (fast) or 80 (original).
   * @default 164
   */
  readonly outputSize?: number;
  /** @default 'scale255.999' */
  readonly hueRounding?: HueRounding;
  /**
   * With `hover_net` the field of the HoVer maps is the window, as in the authors' training; otherwise the whole patch.
   * @default 'monai'
   */
  readonly reference?: Reference;
}

export type ResolvedTransformOptions = Required<TransformOptions>;

/** `options` with the defaults. Throws an ArgumentError unless 0 < outputSize ≤ windowSize, both integers. */
export function resolveTransformOptions(options: TransformOptions): ResolvedTransformOptions {
  const { windowSize = 256, outputSize = 164, hueRounding = 'scale255.999', reference = 'monai' } = options;
  if (!(Number.isInteger(windowSize) && Number.isInteger(outputSize) && outputSize > 0 && outputSize <= windowSize)) {
    throw new ArgumentError(
      `transform options: expected integers 0 < outputSize ≤ windowSize, got ${outputSize} and ${windowSize}`,
    );
  }
  return { windowSize, outputSize, hueRounding, reference };
}

/** Throws a ShapeError unless a window fits into `field`. */
export function assertHoldsWindow(operation: string, field: FieldShape, windowSize: number): void {
  const [height, width] = field as [number, number];
  if (height < windowSize || width < windowSize) {
    const wanted = `a patch of at least ${windowSize}×${windowSize}`;
    throw new ShapeError(operation, wanted, `${height}×${width}`, 'pad the patch or use a smaller windowSize');
  }
}

/** `image` and `typeMap` are cropped already (window and output size), `instanceField` is the whole patch. */
export function assembleSample(
  parts: { readonly image: RgbImage; readonly typeMap: TypeMap; readonly instanceField: LabelMap },
  options: ResolvedTransformOptions,
): TrainSample {
  const { windowSize, outputSize, reference } = options;
  const { image, typeMap, instanceField } = parts;
  const field = reference === 'hover_net' ? cropCenter(instanceField, windowSize) : instanceField;
  return {
    image: scaleIntensity(image),
    foreground: extractForeground(cropCenter(instanceField, outputSize)),
    hover: computeHoverMaps(field, {
      reference,
      region: centerBox(field.shape, outputSize),
      choiceSizePx: outputSize,
    }),
    typeMap,
  };
}

// The deterministic end of both pipelines: scaling, HoVer maps on the whole field, crops.
import {
  ArgumentError,
  assertLabelMap,
  assertRgbImage,
  createPlanes,
  createTypeMap,
  ShapeError,
  toContiguous,
  type LabelMap,
  type Reference,
  type RgbImage,
  type TypeMap,
} from '@hovernet/core';
import type { NdArray } from 'ndarray';
import type { HueRounding } from './adjust-hue.js';
import { computeHoverMaps } from './compute-hover-maps.js';
import { centerBox, cropCenter, type FieldShape } from './region.js';
import type { TrainSample } from './sample.js';

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

/** x / 255, rounded to float32, for each grey level. */
const scaledLevels = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * `[height, width, 3]` uint8 → planes `[3, height, width]` float32, x / 255 in 0…1. As MONAI's ScaleIntensityRange.
 *
 * @throws ShapeError unless `image` is RGB.
 */
export function scaleIntensity(image: RgbImage): NdArray<Float32Array> {
  assertRgbImage('scaleIntensity', image);
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const size = height * width;
  const planes = new Float32Array(3 * size);
  for (let pixel = 0, i = 0; pixel < size; pixel++, i += 3) {
    planes[pixel] = scaledLevels[source[i]!]!;
    planes[size + pixel] = scaledLevels[source[i + 1]!]!;
    planes[2 * size + pixel] = scaledLevels[source[i + 2]!]!;
  }
  return createPlanes(3, height, width, planes);
}

/**
 * `[height, width]` uint8: 1 where the id is positive, else 0.
 *
 * @throws ShapeError unless `instanceMap` is int32 of rank 2.
 */
export function extractForeground(instanceMap: LabelMap): TypeMap {
  assertLabelMap('extractForeground', instanceMap);
  const ids = toContiguous(instanceMap);
  const foreground = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) foreground[i] = ids[i]! > 0 ? 1 : 0;
  return createTypeMap(instanceMap.shape[0]!, instanceMap.shape[1]!, foreground);
}

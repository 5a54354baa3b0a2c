// Which augmentations training uses and how strong they are; the defaults are the bundle's.
import { ArgumentError } from '@hovernet/core';

/** Values are drawn uniformly between the two. */
export type Range = readonly [low: number, high: number];

export interface AugmentOptions {
  /**
   * Rotation in radians; false for none.
   * @default [-Math.PI, Math.PI]
   */
  readonly rotation?: Range | false;
  /**
   * Scale per axis, above 0; above 1 shrinks the content; false for none.
   * @default [0.8, 1.2]
   */
  readonly scale?: Range | false;
  /**
   * Shear per axis; false for none.
   * @default [-0.05, 0.05]
   */
  readonly shear?: Range | false;
  /**
   * Translation per axis in pixels; false for none.
   * @default [-6, 6]
   */
  readonly translatePx?: Range | false;
  /**
   * Probability of reversing the order of rows.
   * @default 0.5
   */
  readonly flipRows?: number;
  /**
   * Probability of reversing the order of columns.
   * @default 0.5
   */
  readonly flipColumns?: number;
  /**
   * Gaussian blur: standard deviation per axis in pixels. Of blur, median and noise each patch gets one, with equal
   * probability among those that are on; false for off.
   * @default [0.1, 1.1]
   */
  readonly smoothSigmaPx?: Range | false;
  /**
   * 3×3 median.
   * @default true
   */
  readonly median?: boolean;
  /**
   * Additive normal noise: standard deviation in grey levels (0…255); false for off.
   * @default [0, 0.05]
   */
  readonly noiseDeviation?: Range | false;
  /**
   * Factor, 0 or more; false for off. The four colour steps come in random order.
   * @default [0.9, 1.1]
   */
  readonly brightness?: Range | false;
  /**
   * Factor, 0 or more; false for off.
   * @default [0.95, 1.1]
   */
  readonly contrast?: Range | false;
  /**
   * Factor, 0 or more; false for off.
   * @default [0.8, 1.2]
   */
  readonly saturation?: Range | false;
  /**
   * Share of the colour circle, −0.5…0.5; false for off.
   * @default [-0.04, 0.04]
   */
  readonly hue?: Range | false;
}

/** The bundle's augmentation. */
export const defaultAugmentOptions = {
  rotation: [-Math.PI, Math.PI],
  scale: [0.8, 1.2],
  shear: [-0.05, 0.05],
  translatePx: [-6, 6],
  flipRows: 0.5,
  flipColumns: 0.5,
  smoothSigmaPx: [0.1, 1.1],
  median: true,
  noiseDeviation: [0, 0.05],
  brightness: [0.9, 1.1],
  contrast: [0.95, 1.1],
  saturation: [0.8, 1.2],
  hue: [-0.04, 0.04],
} as const satisfies Required<AugmentOptions>;

/** Everything off: the train pipeline then gives what the validation pipeline gives. */
export const noAugmentation = {
  rotation: false,
  scale: false,
  shear: false,
  translatePx: false,
  flipRows: 0,
  flipColumns: 0,
  smoothSigmaPx: false,
  median: false,
  noiseDeviation: false,
  brightness: false,
  contrast: false,
  saturation: false,
  hue: false,
} as const satisfies Required<AugmentOptions>;

/** Bounds of what a range may hold; `above` is excluded, the others are included. */
const limits: Partial<Record<keyof AugmentOptions, { low?: number; above?: number; high?: number }>> = {
  scale: { above: 0 },
  flipRows: { low: 0, high: 1 },
  flipColumns: { low: 0, high: 1 },
  smoothSigmaPx: { above: 0 },
  noiseDeviation: { low: 0 },
  brightness: { low: 0 },
  contrast: { low: 0 },
  saturation: { low: 0 },
  hue: { low: -0.5, high: 0.5 },
};

/** `options` with the defaults. Throws an ArgumentError that names the option if a value is out of its range. */
export function resolveAugmentOptions(options: AugmentOptions): Required<AugmentOptions> {
  const resolved: Required<AugmentOptions> = { ...defaultAugmentOptions, ...dropUndefined(options) };
  for (const name of Object.keys(defaultAugmentOptions) as (keyof AugmentOptions)[]) {
    const value = resolved[name];
    if (typeof value === 'boolean') continue;
    const [from, to] = typeof value === 'number' ? [value, value] : value;
    const { low = -Infinity, above = -Infinity, high = Infinity } = limits[name] ?? {};
    const fits =
      Number.isFinite(from) && Number.isFinite(to) && from <= to && from >= low && from > above && to <= high;
    if (!fits) throw new ArgumentError(`augment options: ${name} is out of range: ${JSON.stringify(value)}`);
  }
  return resolved;
}

function dropUndefined(options: AugmentOptions): AugmentOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

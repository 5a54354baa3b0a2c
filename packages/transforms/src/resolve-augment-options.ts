// Augmentation options with their defaults, checked.
import { ArgumentError } from '@hovernet/core';
import type { AugmentOptions, ElasticRanges, Range, ResolvedAugmentOptions, StainRanges } from './augment-options.js';
import { defaultAugmentOptions, defaultElasticRanges, defaultStainRanges } from './augment-presets.js';

/** Bounds of a value or range; `above` is excluded, the others are included. */
interface Limits {
  readonly low?: number;
  readonly above?: number;
  readonly high?: number;
}

const probability: Limits = { low: 0, high: 1 };

const limits: Readonly<Record<string, Limits>> = {
  scale: { above: 0 },
  flipRows: probability,
  flipColumns: probability,
  smoothSigmaPx: { above: 0 },
  noiseDeviation: { low: 0 },
  sharedNoise: probability,
  brightness: { low: 0 },
  contrast: { low: 0 },
  saturation: { low: 0 },
  hue: { low: -0.5, high: 0.5 },
  'stain.probability': probability,
  'stain.scale': { low: 0 },
  'elastic.probability': probability,
  'elastic.sigmaPx': { low: 1 },
  'elastic.alphaPx': { low: 0 },
};

/** `options` with the defaults. Throws an ArgumentError that names the option if a value is out of its range. */
export function resolveAugmentOptions(options: AugmentOptions): ResolvedAugmentOptions {
  const { stain, elastic, smoothSizesPx, median, ...ranges } = { ...defaultAugmentOptions, ...dropUndefined(options) };
  checkSizes('smoothSizesPx', smoothSizesPx, (size) => size === 1 || size === 3 || size === 5);
  checkSizes('median', median, (size) => Number.isInteger(size) && size > 0 && size % 2 === 1);
  checkRanges('', ranges);
  return { ...ranges, smoothSizesPx, median, stain: resolveStain(stain), elastic: resolveElastic(elastic) };
}

function resolveStain(stain: StainRanges | false): ResolvedAugmentOptions['stain'] {
  if (stain === false) return false;
  const ranges = { ...defaultStainRanges, ...dropUndefined(stain) };
  checkRanges('stain.', ranges);
  return ranges;
}

function resolveElastic(elastic: ElasticRanges | false): ResolvedAugmentOptions['elastic'] {
  if (elastic === false) return false;
  const { interpolation, ...ranges } = { ...defaultElasticRanges, ...dropUndefined(elastic) };
  checkRanges('elastic.', ranges);
  if (interpolation !== 'bilinear' && interpolation !== 'nearest') {
    throw outOfRange('elastic.interpolation', interpolation);
  }
  return { ...ranges, interpolation };
}

function checkSizes(name: string, sizes: readonly number[] | boolean, fits: (sizePx: number) => boolean): void {
  if (typeof sizes !== 'boolean' && (sizes.length === 0 || !sizes.every(fits))) throw outOfRange(name, sizes);
}

function checkRanges(prefix: string, ranges: Readonly<Record<string, Range | number | false>>): void {
  for (const [name, value] of Object.entries(ranges)) {
    if (value === false) continue;
    const [from, to] = typeof value === 'number' ? [value, value] : value;
    const { low = -Infinity, above = -Infinity, high = Infinity } = limits[prefix + name] ?? {};
    const fits =
      Number.isFinite(from) && Number.isFinite(to) && from <= to && from >= low && from > above && to <= high;
    if (!fits) throw outOfRange(prefix + name, value);
  }
}

function outOfRange(name: string, value: unknown): ArgumentError {
  return new ArgumentError(`augment options: ${name} is out of range: ${JSON.stringify(value)}`);
}

function dropUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

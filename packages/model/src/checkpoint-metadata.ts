// What a weight file says of itself, as text beside the tensors.
import { toReference, WeightsError, type NucleusClass, type referenceNames } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import { resolveConfig, type HoverNetOptions } from './resolve-config.js';

/** What a weight file says of itself: its network, and details where it has them. */
export interface WeightsDescription {
  readonly config: HoverNetConfig;
  /** The classes of the type branch; empty where the file names none. */
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images that the network was trained on. */
  readonly mpp?: number | undefined;
  /** Licence of the weights: an SPDX identifier or an address. */
  readonly license?: string | undefined;
  /** How they were made: data, seed, epochs, scores, by names of the maker's choice. */
  readonly training?: TrainingProvenance;
  /** Options of post-processing that suit them, by the names of `SegmentNucleiOptions`. */
  readonly postprocess?: TrainingProvenance;
  /** What the images that the network was trained on look like. */
  readonly appearance?: Appearance;
}

/** What images look like, as far as a network depends on it. */
export interface Appearance {
  /** Mean optical density (base 10) of tissue in red, green and blue: see `createDensityMeter` of `@hovernet/transforms`. */
  readonly density: readonly [red: number, green: number, blue: number];
  /** Median size of nuclei in pixels at the weights' resolution: √(width × height) of their boxes. */
  readonly nucleusPx: number;
}

/** Plain values by name. */
export type TrainingProvenance = Readonly<Record<string, string | number | boolean | null>>;

const keys = {
  config: 'hovernet.config',
  classes: 'hovernet.classes',
  mpp: 'hovernet.mpp',
  license: 'hovernet.license',
  training: 'hovernet.training',
  postprocess: 'hovernet.postprocess',
  appearance: 'hovernet.appearance',
} as const;

/** Metadata from which {@link parseConfig} restores everything. `format` tells that tensors follow PyTorch. */
export function describeConfig(
  description: Pick<WeightsDescription, 'config'> & Partial<WeightsDescription>,
): Record<string, string> {
  const { config, classes = [], mpp, license, training, postprocess, appearance } = description;
  return {
    format: 'pt',
    [keys.config]: JSON.stringify(toStored(config)),
    [keys.classes]: JSON.stringify(classes),
    ...(mpp !== undefined && { [keys.mpp]: String(mpp) }),
    ...(license !== undefined && { [keys.license]: license }),
    ...(training !== undefined && { [keys.training]: JSON.stringify(training) }),
    ...(postprocess !== undefined && { [keys.postprocess]: JSON.stringify(postprocess) }),
    ...(appearance !== undefined && { [keys.appearance]: JSON.stringify(appearance) }),
  };
}

/** Whether the metadata was written by {@link describeConfig}. */
export function describesNetwork(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[keys.config] !== undefined;
}

/**
 * Reads metadata that {@link describeConfig} wrote. `source` names the file in errors.
 * @throws WeightsError when there is none, or it does not describe a network.
 */
export function parseConfig(metadata: Readonly<Record<string, string>>, source: string): WeightsDescription {
  const text = metadata[keys.config];
  if (text === undefined) {
    throw new WeightsError(`${source}: no ${keys.config} in its metadata; give the network's configuration yourself`);
  }
  const read = <T>(key: string, accept: (value: unknown) => T | null, expected: string): T | undefined => {
    const stored = metadata[key];
    if (stored === undefined) return undefined;
    const value = accept(parseJson(stored));
    if (value === null) throw new WeightsError(`${source}: ${key} in its metadata is not ${expected}`);
    return value;
  };
  const config = readConfig(text, source);
  const classes = read(keys.classes, acceptClasses, 'a list of classes {id, name, color}') ?? [];
  const mpp = read(keys.mpp, acceptPositive, 'a positive number');
  const license = metadata[keys.license];
  const training = read(keys.training, acceptProvenance, 'an object of plain values');
  const postprocess = read(keys.postprocess, acceptProvenance, 'an object of plain values');
  const appearance = read(keys.appearance, acceptAppearance, 'an object {density, nucleusPx} of positive numbers');
  return {
    config,
    classes,
    ...(mpp !== undefined && { mpp }),
    ...(license !== undefined && { license }),
    ...(training !== undefined && { training }),
    ...(postprocess !== undefined && { postprocess }),
    ...(appearance !== undefined && { appearance }),
  };
}

/** What files call `reference`: `compat`, with the older name `original`. */
interface StoredNames {
  readonly compat?: (typeof referenceNames)[number];
}

function toStored(config: HoverNetConfig): Record<string, unknown> {
  const entries = Object.entries(config).map(([name, value]): [string, unknown] =>
    name === 'reference' ? ['compat', value === 'hover_net' ? 'original' : value] : [name, value],
  );
  return Object.fromEntries(entries);
}

function fromStored({ compat, ...options }: HoverNetOptions & StoredNames): HoverNetOptions {
  return compat === undefined ? options : { ...options, reference: toReference(compat) };
}

function readConfig(text: string, source: string): HoverNetConfig {
  try {
    return resolveConfig(fromStored(JSON.parse(text) as HoverNetOptions & StoredNames));
  } catch (cause) {
    throw new WeightsError(`${source}: its metadata does not describe a network: ${String(cause)}`, { cause });
  }
}

/** Undefined, which no check accepts, for text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function acceptClasses(value: unknown): NucleusClass[] | null {
  return Array.isArray(value) && value.every(isNucleusClass) ? value : null;
}

function acceptPositive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}

function acceptProvenance(value: unknown): TrainingProvenance | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const isPlain = (item: unknown) => item === null || ['string', 'number', 'boolean'].includes(typeof item);
  return Object.values(value).every(isPlain) ? (value as TrainingProvenance) : null;
}

function acceptAppearance(value: unknown): Appearance | null {
  if (typeof value !== 'object' || value === null) return null;
  const { density, nucleusPx } = value as Partial<Appearance>;
  const isTriple = Array.isArray(density) && density.length === 3 && density.every((part) => acceptPositive(part));
  return isTriple && acceptPositive(nucleusPx) ? (value as Appearance) : null;
}

function isNucleusClass(value: unknown): value is NucleusClass {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, color } = value as Partial<NucleusClass>;
  const isColor = Array.isArray(color) && color.length === 3 && color.every((part) => typeof part === 'number');
  return Number.isInteger(id) && typeof name === 'string' && isColor;
}

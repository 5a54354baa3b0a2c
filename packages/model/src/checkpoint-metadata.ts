// What a weight file says of itself: the configuration and classes, as text beside the tensors.
import { WeightsError, type NucleusClass } from '@hovernet/core';
import { resolveConfig, type HoverNetConfig, type HoverNetOptions } from './config.js';

/** What {@link parseConfig} finds. */
export interface CheckpointDescription {
  readonly config: HoverNetConfig;
  /** The classes of the type branch; empty where the file names none. */
  readonly classes: readonly NucleusClass[];
}

const configKey = 'hovernet.config';
const classesKey = 'hovernet.classes';

/** Metadata from which {@link parseConfig} restores `config` and `classes`. `format` tells that tensors follow PyTorch. */
export function describeConfig(config: HoverNetConfig, classes: readonly NucleusClass[] = []): Record<string, string> {
  return { format: 'pt', [configKey]: JSON.stringify(config), [classesKey]: JSON.stringify(classes) };
}

/** Whether the metadata was written by {@link describeConfig}. */
export function describesNetwork(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[configKey] !== undefined;
}

/**
 * Reads metadata that {@link describeConfig} wrote. `source` names the file in errors.
 * @throws WeightsError when there is none, or it does not describe a network.
 */
export function parseConfig(metadata: Readonly<Record<string, string>>, source: string): CheckpointDescription {
  const text = metadata[configKey];
  if (text === undefined) {
    throw new WeightsError(`${source}: no ${configKey} in its metadata; give the network's configuration yourself`);
  }
  try {
    const config = resolveConfig(JSON.parse(text) as HoverNetOptions);
    const classes: unknown = JSON.parse(metadata[classesKey] ?? '[]');
    if (Array.isArray(classes) && classes.every(isNucleusClass)) return { config, classes };
  } catch (cause) {
    throw new WeightsError(`${source}: its metadata does not describe a network: ${String(cause)}`, { cause });
  }
  throw new WeightsError(`${source}: ${classesKey} in its metadata is not a list of classes {id, name, color}`);
}

function isNucleusClass(value: unknown): value is NucleusClass {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, color } = value as Partial<NucleusClass>;
  const isColor = Array.isArray(color) && color.length === 3 && color.every((part) => typeof part === 'number');
  return Number.isInteger(id) && typeof name === 'string' && isColor;
}

// The configuration that results were made by, saved beside them.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '@hovernet/files/node';
import type { HovernetConfiguration } from './configuration.js';
import { findById } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

export interface SavedConfiguration {
  readonly path: string;
  /** See {@link hashConfiguration}. */
  readonly hash: string;
}

/**
 * Writes `{folder}/{name}_config.json`: every id with its value, once, references resolved, defaults filled in, and the hash as
 * `_hash_`. `--config_file` takes the file. Throws what the file system throws.
 */
export async function saveConfiguration(
  config: HovernetConfiguration,
  folder: string,
  name: string,
): Promise<SavedConfiguration> {
  const path = join(folder, `${name}_config.json`);
  const hash = hashConfiguration(config);
  const { ckpt_dir: checkpointDir, ...rest } = config.document;
  // The folder of the stage is not said twice, so that another --stage has its own.
  const follows = checkpointDir === rest[`ckpt_dir_stage${config.stage}`];
  const content = { _hash_: hash, ...(follows ? rest : config.document) };
  await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`);
  return { path, hash };
}

/**
 * `sha256:…` of all ids and values, without the metadata and the note of what was used: the same for the same values, however the files that gave them
 * are written.
 */
export function hashConfiguration({ document }: HovernetConfiguration): string {
  const values = Object.entries(document).filter(([id]) => id !== '_meta_' && id !== '_used_');
  return hashValues(Object.fromEntries(values));
}

/** Ids that decide what inference finds in an image; where it reads and writes, and what computes, do not. */
const decidingIds = [
  'network_def',
  'taxonomy',
  'patch_size',
  'window_size',
  'mirror',
  'mpp',
  'infer#tta',
  'infer#block_size',
  'infer#block_margin',
  'infer#resample',
  'postprocess',
  'engine#name',
  'engine#precision',
  '_used_#weights#sha256',
];

/** `sha256:…` of the settings that decide the result for an image, those of the weights' bytes included. */
export function hashSettings({ document }: HovernetConfiguration): string {
  return hashValues(Object.fromEntries(decidingIds.map((id) => [id, findById(document, id) ?? null])));
}

function hashValues(values: JsonObject): string {
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(sortKeys(values)))
    .digest('hex')}`;
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name]!)])) as JsonObject;
}

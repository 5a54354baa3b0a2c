// Configuration files: found, read, merged in their order.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from './json.js';
import { mergeEntry } from './merge-entry.js';
import { Origins } from './origins.js';
import { readDocument } from './read-document.js';

const packageRoot = new URL('../../', import.meta.url);

/** Configuration files that come with this package: of workflows, of the demo, and of data sets to put over `train`. */
export type PackagedName =
  'train' | 'evaluate' | 'inference' | 'multi_gpu_train' | 'inference_trt' | 'demo' | 'pannuke' | 'lizard' | 'nucls';

/** Path of a configuration file that comes with this package, for example `packagedFile('train')`. */
export function packagedFile(name: PackagedName): string {
  return fileURLToPath(new URL(`configs/${name}.json`, packageRoot));
}

/**
 * One document from several files: each key of a later file, which may be an id such as `network_def#preset`, replaces
 * what earlier files say there, or is merged with it where it begins with `+`. Relative paths are looked for in the
 * working directory, then in this package, so that `configs/train.json` works as in the bundle. `origins` learns which file set what.
 */
export async function loadDocument(paths: readonly string[], origins = new Origins()): Promise<JsonObject> {
  const document: JsonObject = {};
  for (const [source, path] of paths.entries()) {
    for (const [key, value] of Object.entries(await readDocument(findFile(path)))) {
      // What saved configurations say of themselves.
      if (key === '_hash_' || key === '_used_') continue;
      mergeEntry(document, key, value);
      origins.note(key, source);
    }
  }
  return document;
}

/** `path` where it exists, else what this package has for `configs/…`, else `path` again. */
export function findFile(path: string): string {
  const [, name] = /^(?:\.[\\/])?configs[\\/](\w[\w.-]*)$/.exec(path) ?? [];
  if (name === undefined || existsSync(path)) return path;
  const packaged = fileURLToPath(new URL(`configs/${name}`, packageRoot));
  return existsSync(packaged) ? packaged : path;
}

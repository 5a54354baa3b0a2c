// Configuration files: found, read, merged in their order.
import { ConfigError, FileError } from '@hovernet/core';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setById } from './id-path.js';
import { isJsonObject, type JsonObject } from './json.js';

const packageRoot = new URL('../../', import.meta.url);

/** Configuration files that come with this package: of workflows, of the demo, and of data sets to put over `train`. */
export type PackagedName = 'train' | 'evaluate' | 'inference' | 'demo' | 'pannuke' | 'lizard' | 'nucls';

/** Path of a configuration file that comes with this package, for example `packagedFile('train')`. */
export function packagedFile(name: PackagedName): string {
  return fileURLToPath(new URL(`configs/${name}.json`, packageRoot));
}

/**
 * One document from several files: each key of a later file, which may be an id such as `network_def#preset`, replaces
 * what earlier files say there. Relative paths are looked for in the working directory, then in this package, so that
 * `configs/train.json` works as in the bundle.
 */
export async function loadDocument(paths: readonly string[]): Promise<JsonObject> {
  const document: JsonObject = {};
  for (const path of paths) {
    for (const [id, value] of Object.entries(await readJsonFile(findFile(path)))) {
      if (id === '_hash_') continue;
      if (id.startsWith('+')) throw new ConfigError(id, `${path}: merging with + is not supported`);
      setById(document, id, structuredClone(value));
    }
  }
  return document;
}

/** The object in a JSON file; throws FileError where it is missing or holds something else. */
export async function readJsonFile(path: string): Promise<JsonObject> {
  if (['.yaml', '.yml'].includes(extname(path).toLowerCase()))
    throw new FileError(path, 'YAML files are not supported; write it as JSON');
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError(path, missing ? 'there is no such configuration file' : 'cannot be read', { missing, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new FileError(path, `is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  if (!isJsonObject(value)) throw new FileError(path, 'expected a JSON object with ids as keys');
  return value;
}

function findFile(path: string): string {
  if (existsSync(path)) return path;
  const packaged = fileURLToPath(new URL(path.split('\\').join('/'), packageRoot));
  return existsSync(packaged) ? packaged : path;
}

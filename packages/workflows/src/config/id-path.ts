// Ids of a configuration: `train#dataloader#batch_size`, also with `::`; a part is a key or a list index.
import { ConfigError } from '@hovernet/core';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { didYouMean } from './suggest.js';

/** The parts of `id`. */
export function splitId(id: string): string[] {
  return id.replaceAll('::', '#').split('#');
}

/** The value at `id`; throws ConfigError where there is none. */
export function getById(document: JsonObject, id: string): JsonValue {
  const parts = splitId(id);
  let value: JsonValue = document;
  for (const [depth, part] of parts.entries()) {
    const child = childOf(value, part);
    if (child === undefined) {
      const known = isJsonObject(value)
        ? Object.keys(value).map((key) => [...parts.slice(0, depth), key].join('#'))
        : [];
      throw new ConfigError(
        parts.join('#'),
        `there is no such id${didYouMean(parts.slice(0, depth + 1).join('#'), known)}`,
      );
    }
    value = child;
  }
  return value;
}

/** The value at `id`, undefined where there is none. */
export function findById(document: JsonObject, id: string): JsonValue | undefined {
  return splitId(id).reduce<JsonValue | undefined>(
    (value, part) => (value === undefined ? undefined : childOf(value, part)),
    document,
  );
}

/**
 * The id that `reference` means at `from`: as many `#` before it, as many levels up from the value at `from`, so that `#x`
 * is its neighbour. Throws ConfigError where there are fewer levels.
 */
export function toAbsoluteId(reference: string, from: string): string {
  const levels = /^#*/.exec(reference)![0].length;
  const id = splitId(reference.slice(levels)).join('#');
  if (levels === 0) return id;
  const parents = splitId(from);
  if (levels > parents.length)
    throw new ConfigError(from, `${reference} leads ${levels} levels up, but there are ${parents.length}`);
  return [...parents.slice(0, parents.length - levels), id].join('#');
}

/**
 * Sets the value at `id` in place. Sections that are missing on the way are created: whether they may exist is for the
 * schema to say. Throws ConfigError where the way leads through a scalar or past the end of a list.
 */
export function setById(document: JsonObject, id: string, value: JsonValue): void {
  const parts = splitId(id);
  const last = parts.pop()!;
  let parent: JsonValue = document;
  for (const [depth, part] of parts.entries()) {
    const child = childOf(parent, part);
    if (child === undefined && isJsonObject(parent) && part !== '__proto__') {
      const created: JsonObject = {};
      parent[part] = created;
      parent = created;
    } else if (isJsonObject(child) || Array.isArray(child)) {
      parent = child;
    } else {
      throw new ConfigError(splitId(id).join('#'), `${parts.slice(0, depth + 1).join('#')} is not a section or list`);
    }
  }
  if (last === '__proto__') throw new ConfigError(splitId(id).join('#'), 'there is no such id');
  if (isJsonObject(parent)) parent[last] = value;
  else if (Array.isArray(parent) && Number(last) < parent.length) parent[Number(last)] = value;
  else throw new ConfigError(splitId(id).join('#'), `the list has no element ${last}`);
}

function childOf(value: JsonValue, part: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

// One entry of a configuration file, or an override, put into a document.
import { ConfigError } from '@hovernet/core';
import { findById, setById } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/**
 * Sets `key`, an id, to `value`; with `+` before the id, adds the keys of a section or the elements of a list to what is
 * there, as MONAI: the keys of `value` win, sections inside are replaced. Where nothing is there, `value` is set.
 * @throws ConfigError where a section meets a list, or a scalar is to be merged.
 */
export function mergeEntry(document: JsonObject, key: string, value: JsonValue): void {
  if (!key.startsWith('+')) return setById(document, key, structuredClone(value));
  const id = key.slice(1);
  const present = findById(document, id);
  if (present === undefined) setById(document, id, structuredClone(value));
  else if (Array.isArray(present) && Array.isArray(value))
    setById(document, id, [...present, ...structuredClone(value)]);
  else if (isJsonObject(present) && isJsonObject(value))
    setById(document, id, { ...present, ...structuredClone(value) });
  else
    throw new ConfigError(key, `+ merges two sections or two lists, got ${describe(present)} and ${describe(value)}`);
}

function describe(value: JsonValue): string {
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'a section' : JSON.stringify(value);
}

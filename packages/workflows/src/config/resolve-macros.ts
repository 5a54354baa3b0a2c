// Replaces `%id` and `%file#id` by what stands there, before anything is resolved.
import { ConfigError } from '@hovernet/core';
import { getById, toAbsoluteId } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { findFile } from './load-document.js';
import { documentEndings, readDocument } from './read-document.js';

/** Values that macros may copy in all; a text that copies itself several times over would fill the memory. */
const maxCopied = 100_000;

const filePattern = new RegExp(`^(.*\\.(?:${documentEndings.join('|')}))(?:(?:#|::)(.*))?$`, 'i');

export interface ExpandedDocument {
  readonly document: JsonObject;
  /** Ids of the document itself that were copied. */
  readonly copied: ReadonlySet<string>;
}

/**
 * A copy of `document` with its macros replaced: `%id` copies from the document, `%#id` from beside the value (one level up
 * for each further `#`), `%file.json#id` from a file, `%file.json` all of it. What is copied stays as it is written, so
 * that its references, relative ones too, are those of the place that it is copied to; macros in it are replaced where
 * they stand, in the document that it comes from.
 * @throws ConfigError for a macro that copies itself or nothing, FileError for a file that cannot be read.
 */
export async function resolveMacros(document: JsonObject): Promise<ExpandedDocument> {
  const files = new Map<string, Promise<JsonObject>>();
  const copied = new Set<string>();
  let budget = maxCopied;

  interface Source {
    readonly document: JsonObject;
    /** Empty for the document itself. */
    readonly file: string;
  }

  async function expand(value: JsonValue, id: string, source: Source, open: readonly string[]): Promise<JsonValue> {
    if (open.length > 0 && --budget < 0) throw new ConfigError(id, `macros copy more than ${maxCopied} values`);
    if (typeof value === 'string') return value.startsWith('%') ? copy(value.slice(1), id, source, open) : value;
    if (Array.isArray(value)) {
      const items: JsonValue[] = [];
      for (const [index, item] of value.entries()) items.push(await expand(item, `${id}#${index}`, source, open));
      return items;
    }
    return isJsonObject(value) ? expandObject(value, id, source, open) : value;
  }

  async function expandObject(
    value: JsonObject,
    id: string,
    source: Source,
    open: readonly string[],
  ): Promise<JsonObject> {
    const entries: [string, JsonValue][] = [];
    for (const [key, item] of Object.entries(value))
      entries.push([key, await expand(item, id === '' ? key : `${id}#${key}`, source, open)]);
    return Object.fromEntries(entries);
  }

  async function copy(macro: string, id: string, source: Source, open: readonly string[]): Promise<JsonValue> {
    const { file, target, document: from } = await find(macro, id, source);
    const step = `%${[file, target].filter(Boolean).join('#')}`;
    if (open.includes(step)) throw new ConfigError(id, `it copies itself: ${[...open, step].join(' → ')}`);
    if (file === '') copied.add(target);
    let value: JsonValue;
    try {
      value = target === '' ? from : getById(from, target);
    } catch (cause) {
      const problem = (cause as Error).message.replace(/^configuration /, '');
      const where = source.file && ` in ${source.file}`;
      throw new ConfigError(id, `%${macro}${where} copies nothing: ${problem}`, { cause });
    }
    return expand(value, target, { document: from, file }, [...open, step]);
  }

  async function find(macro: string, id: string, source: Source) {
    const [, path, inFile = ''] = filePattern.exec(macro) ?? [];
    if (path === undefined) return { ...source, target: toAbsoluteId(macro, id) };
    const known = files.get(path) ?? readDocument(findFile(path));
    files.set(path, known);
    return { document: await known, file: path, target: inFile };
  }

  return { document: await expandObject(document, '', { document, file: '' }, []), copied };
}

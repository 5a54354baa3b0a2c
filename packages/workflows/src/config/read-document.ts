// Files of configuration: JSON or YAML, an object with ids as keys.
import { FileError } from '@hovernet/core';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** Bytes; configurations have some thousands. */
const maxBytes = 4 * 2 ** 20;

/** Of all sections; the bundle's files have some hundreds. Each key is compared with all others of its section. */
const maxKeys = 20_000;

/** Levels of sections and lists; the bundle's files have seven. */
const maxDepth = 64;

/** Endings of configuration files. */
export const documentEndings = ['json', 'yaml', 'yml'] as const;

/**
 * The object in a file, which is read as YAML where its name ends so, else as JSON. A key that stands twice in one section
 * is refused, as by MONAI.
 * @throws FileError where the file is missing, larger than 4 MiB, not valid, deeper than 64 levels, of more than 20,000 keys or
 * no object.
 */
export async function readDocument(path: string): Promise<JsonObject> {
  const content = await readText(path);
  const yaml = ['.yaml', '.yml'].includes(extname(path).toLowerCase());
  if (!yaml) assertPlain(path, parseJson(path, content), 0);
  if ((content.match(/:(?=\s)|":/g) ?? []).length > maxKeys) throw new FileError(path, `more than ${maxKeys} keys`);
  const { parseDocument } = await import('yaml');
  // JSON is YAML, but its parser does not see keys that stand twice.
  const parsed = parseDocument(content, { merge: yaml, schema: 'core', prettyErrors: true });
  const problem = parsed.errors[0] ?? parsed.warnings[0];
  if (problem) {
    const sentence = problem.message.split('\n')[0]!.replace(/:$/, '');
    const twice =
      problem.code === 'DUPLICATE_KEY' && sentence.replace(/^.*(?= at line )/, 'a key stands twice in one section');
    throw new FileError(path, twice || `is not valid YAML: ${sentence}`, { cause: problem });
  }
  const value = toPlain(path, () => parsed.toJS({ maxAliasCount: 100 }) as JsonValue);
  if (!isJsonObject(value))
    throw new FileError(path, `expected ${yaml ? 'sections and values' : 'a JSON object'} with ids as keys`);
  return value;
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw new FileError(path, `expected a configuration of at most 4 MiB, got ${size} bytes`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError(path, missing ? 'there is no such file' : 'cannot be read', { missing, cause });
  }
}

function parseJson(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new FileError(path, `is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function toPlain(path: string, read: () => JsonValue): JsonValue {
  let value: JsonValue;
  try {
    value = read();
  } catch (cause) {
    throw new FileError(path, `is not valid YAML: ${(cause as Error).message}`, { cause });
  }
  assertPlain(path, value, 0);
  return value;
}

function assertPlain(path: string, value: unknown, depth: number): void {
  if (depth > maxDepth) throw new FileError(path, `sections and lists are nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) value.forEach((item) => assertPlain(path, item, depth + 1));
  else if (isJsonObject(value)) Object.values(value).forEach((item) => assertPlain(path, item, depth + 1));
  else if (typeof value === 'number' && !Number.isFinite(value)) throw new FileError(path, `${value} is no value`);
}

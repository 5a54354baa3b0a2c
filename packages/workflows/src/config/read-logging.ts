// Level and file of the log, from JSON, YAML or Python's logging configuration.
import { FileError } from '@hovernet/core';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { findFile } from './load-document.js';
import { readDocument } from './read-document.js';

/** From the most to the least detail. */
export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogSettings {
  /** DEBUG prints details too, INFO messages and progress, WARNING and above only errors. */
  readonly level: LogLevel;
  /** Where the same is written to as well, line by line; null for nowhere. */
  readonly file: string | null;
  /** Whether the file's old lines stay. */
  readonly append: boolean;
}

/**
 * Reads `{"level": …, "file": …}` or Python's dictionary form (`root`, `handlers`) from JSON or YAML, and Python's `.conf`
 * form from any other file. Of Python's forms it takes the level of the root logger and the first FileHandler; formats,
 * other loggers and classes say nothing here. Throws FileError where the file is missing, or a level is unknown.
 */
export async function readLogging(path: string): Promise<LogSettings> {
  const found = findFile(path);
  if (!['.json', '.yaml', '.yml'].includes(extname(found).toLowerCase())) return readIni(path, await readText(found));
  const document = await readDocument(found);
  if ('level' in document || 'file' in document) return toSettings(path, document['level'], document['file'], 'a');
  const handlers = Object.values(section(document, 'handlers')).filter(isJsonObject);
  const handler = handlers.find((candidate) => isFileHandler(candidate['class'])) ?? {};
  return toSettings(path, section(document, 'root')['level'], handler['filename'], handler['mode']);
}

function readIni(path: string, text: string): LogSettings {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^([^#;\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) sections.set(name, (current = new Map()));
    else if (key !== undefined) current.set(key, value!);
  }
  const root = sections.get('logger_root');
  if (!root)
    throw new FileError(path, 'expected a section [logger_root], or a .json or .yaml file with level and file');
  const names = (root.get('handlers') ?? '').split(',').map((name) => `handler_${name.trim()}`);
  const handler = names.map((name) => sections.get(name)).find((candidate) => isFileHandler(candidate?.get('class')));
  const [, file, mode] = /^\(?\s*['"]([^'"]*)['"]\s*(?:,\s*['"](\w)['"])?/.exec(handler?.get('args') ?? '') ?? [];
  return toSettings(path, root.get('level'), file, mode);
}

function toSettings(
  path: string,
  level: JsonValue | undefined = 'INFO',
  file: JsonValue | undefined = null,
  mode: JsonValue | undefined = 'a',
): LogSettings {
  const name = logLevels.find((known) => known === String(level).toUpperCase());
  if (!name) throw new FileError(path, `expected level ${logLevels.join(' or ')}, got ${JSON.stringify(level)}`);
  if (file !== null && (typeof file !== 'string' || file === ''))
    throw new FileError(path, `expected the path of a log file, got ${JSON.stringify(file)}`);
  return { level: name, file, append: mode !== 'w' };
}

function isFileHandler(name: JsonValue | undefined): boolean {
  return typeof name === 'string' && /(?:^|\.)\w*FileHandler$/.test(name);
}

function section(document: JsonObject, key: string): JsonObject {
  const value = document[key];
  return isJsonObject(value) ? value : {};
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError(path, missing ? 'there is no such file' : 'cannot be read', { missing, cause });
  }
}

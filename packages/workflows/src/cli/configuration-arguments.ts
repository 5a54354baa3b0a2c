// The bundle's way of arguments: configuration files, and `--ID VALUE` for any id.
import { ArgumentError, FileError } from '@hovernet/core';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import type { HovernetConfiguration } from '../config/configuration.js';
import type { JsonObject, JsonValue } from '../config/json.js';
import type { CommonFlags } from './command-io.js';

/** Flags of `run` and its shorthands beside the ids. */
export interface ConfigurationFlags extends CommonFlags {
  readonly config_file?: string;
  readonly args_file?: string;
  readonly meta_file?: string;
  readonly logging_file?: string;
}

/** Adds the flags, and lets every other option through as an id. */
export function addConfigurationOptions(command: Command): Command {
  return command
    .option('--config_file <files>', `a configuration file, or several: "['a.json','b.json']"`)
    .option('--args_file <file>', 'JSON file with defaults for these options and ids')
    .option('--meta_file <file>', 'metadata of the bundle; it is only checked to exist')
    .option('--logging_file <file>', "the bundle's Python logging configuration; it is only checked to exist")
    .argument('[overrides...]', '--ID VALUE, for example --epochs 10 or --network_def#freeze_encoder False')
    .allowUnknownOption()
    .allowExcessArguments();
}

/**
 * The configuration of the files `packaged`, then of those in the arguments, then of the ids in the arguments.
 * @throws ArgumentError, FileError or ConfigError: what cannot be read, found or used.
 */
export async function loadFromArguments(
  flags: ConfigurationFlags,
  overrideArguments: readonly string[],
  packaged: readonly string[],
): Promise<HovernetConfiguration> {
  const { loadConfiguration } = await import('../config/load-configuration.js');
  const defaults = flags.args_file === undefined ? {} : await readArgumentsFile(flags.args_file);
  const { config_file, meta_file, logging_file, ...ids } = { ...defaults, ...definedFlags(flags) };
  for (const path of [meta_file, logging_file])
    if (typeof path === 'string' && !existsSync(path))
      throw new FileError(path, 'there is no such file', { missing: true });
  const files = [...packaged, ...(await parseFileList(config_file))];
  if (files.length === 0) throw new ArgumentError('run: expected --config_file FILE, for example configs/train.json');
  return loadConfiguration({
    files,
    overrides: [...Object.entries(ids), ...(await parseOverrides(overrideArguments))],
  });
}

/**
 * Pairs of `--ID VALUE` or `--ID=VALUE`; an id without a value is True. Values are YAML scalars or lists.
 * @throws ArgumentError for a value without an id.
 */
export async function parseOverrides(words: readonly string[]): Promise<[id: string, value: JsonValue][]> {
  const { parseLiteral } = await import('../config/parse-literal.js');
  const overrides: [string, JsonValue][] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('--') || word === '--')
      throw new ArgumentError(`unexpected argument ${word}: expected --ID VALUE`);
    const equals = word.indexOf('=');
    const next = words[i + 1];
    if (equals > 0) overrides.push([word.slice(2, equals), parseLiteral(word.slice(equals + 1))]);
    else if (next === undefined || next.startsWith('--')) overrides.push([word.slice(2), true]);
    else overrides.push([word.slice(2), parseLiteral(words[++i]!)]);
  }
  return overrides;
}

async function readArgumentsFile(path: string): Promise<JsonObject> {
  const { readJsonFile } = await import('../config/load-document.js');
  return readJsonFile(path);
}

function definedFlags(flags: ConfigurationFlags): JsonObject {
  const names = ['config_file', 'meta_file', 'logging_file'] as const;
  return Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])));
}

/** The files of a `--config_file` value: one, several separated by commas, or a list. */
export async function parseFileList(value: JsonValue | undefined): Promise<string[]> {
  if (value === undefined || value === null) return [];
  const { parseLiteral } = await import('../config/parse-literal.js');
  const parsed = typeof value === 'string' ? parseLiteral(value) : value;
  const files = typeof parsed === 'string' ? parsed.split(',').map((file) => file.trim()) : parsed;
  if (Array.isArray(files) && files.length > 0 && files.every((file): file is string => typeof file === 'string'))
    return files;
  throw new ArgumentError(`--config_file: expected a file or a list of files, got ${JSON.stringify(value)}`);
}

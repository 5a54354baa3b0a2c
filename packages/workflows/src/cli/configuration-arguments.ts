// The bundle's way of arguments: configuration files, and `--ID VALUE` for any id.
import { ArgumentError } from '@hovernet/core';
import type { Command } from 'commander';
import type { HovernetConfiguration } from '../config/configuration.js';
import type { JsonObject, JsonValue } from '../config/json.js';
import type { ConfigurationSource } from '../config/load-configuration.js';
import type { CommonFlags } from './command-io.js';

/** Flags of `run` and its shorthands beside the ids. */
export interface ConfigurationFlags extends CommonFlags {
  readonly config_file?: string;
  readonly args_file?: string;
  readonly meta_file?: string;
  readonly logging_file?: string;
}

/** Options of `monai.bundle run` that are no ids: `run_id` names the workflow, the others have no meaning here. */
const withoutMeaning = ['run_id', 'init_id', 'final_id', 'tracking'];

/** Adds the flags, and lets every other option through as an id. */
export function addConfigurationOptions(command: Command): Command {
  return command
    .option('--config_file <files>', `configuration file (JSON or YAML), or several: "['a.json','b.yaml']"`)
    .option('--args_file <file>', 'file with defaults for these options and ids')
    .option('--meta_file <file>', 'metadata of the bundle, checked and saved with the results')
    .option('--logging_file <file>', 'level and file of the log: JSON, YAML, or Python logging configuration')
    .argument('[overrides...]', '--ID VALUE, for example --epochs 10 or --network_def#freeze_encoder False')
    .allowUnknownOption()
    .allowExcessArguments();
}

/** What the arguments of a command come to. */
export interface ConfigurationArguments {
  readonly source: ConfigurationSource;
  /** `logging_file`; undefined where there is none. */
  readonly loggingFile: string | undefined;
}

/**
 * The files `packaged`, then those in the arguments, then the ids in the arguments.
 * @throws ArgumentError or FileError: what cannot be read or found.
 */
export async function readArguments(
  flags: ConfigurationFlags,
  overrideArguments: readonly string[],
  packaged: readonly string[],
): Promise<ConfigurationArguments> {
  const { findFile } = await import('../config/load-document.js');
  const defaults = flags.args_file === undefined ? {} : await readArgumentsFile(findFile(flags.args_file));
  const { config_file, meta_file, logging_file, ...ids } = { ...defaults, ...definedFlags(flags) };
  const files = [...packaged, ...(await parseFileList(config_file))];
  if (files.length === 0) throw new ArgumentError('run: expected --config_file FILE, for example configs/train.json');
  const overrides = [...Object.entries(ids), ...(await parseOverrides(overrideArguments))];
  const runId = overrides.findLast(([id]) => id === 'run_id')?.[1];
  return {
    source: {
      files,
      overrides: overrides.filter(([id]) => !withoutMeaning.includes(id)),
      ...(typeof runId === 'string' && { runId }),
      ...(meta_file !== undefined && { metadataFile: expectPath('meta_file', meta_file) }),
    },
    loggingFile: logging_file === undefined ? undefined : expectPath('logging_file', logging_file),
  };
}

/** The configuration of {@link readArguments}. @throws also ConfigError: what cannot be used. */
export async function loadFromArguments(
  flags: ConfigurationFlags,
  overrideArguments: readonly string[],
  packaged: readonly string[],
): Promise<HovernetConfiguration> {
  const { loadConfiguration } = await import('../config/load-configuration.js');
  return loadConfiguration((await readArguments(flags, overrideArguments, packaged)).source);
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
  const { readDocument } = await import('../config/read-document.js');
  return readDocument(path);
}

function definedFlags(flags: ConfigurationFlags): JsonObject {
  const names = ['config_file', 'meta_file', 'logging_file'] as const;
  return Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])));
}

function expectPath(name: string, value: JsonValue): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ArgumentError(`--${name}: expected a file, got ${JSON.stringify(value)}`);
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

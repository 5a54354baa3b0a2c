// The commands of `hovernet` and their options as rows of docs/reference/command-line.md.
import type { Argument, Command, Option } from 'commander';

/** Options of every command. */
const commonFlags = ['--json', '--verbose'];

/** Options of the commands that take a configuration. */
const configurationFlags = ['--config_file', '--args_file', '--meta_file', '--logging_file'];

export interface CommandRows {
  /** Rows `| what | meaning |` of the options that every command has. */
  readonly common: readonly string[];
  /** Of those that a configuration brings, the overrides among them; empty for other commands. */
  readonly configuration: readonly string[];
  /** Of all others, arguments first. */
  readonly own: readonly string[];
}

export function describeCommand({ options, registeredArguments: given }: Command): CommandRows {
  const has = (flags: readonly string[]) => (option: Option) => flags.includes(option.long ?? '');
  const configured = configurationFlags.every((flag) => options.some(has([flag])));
  const shared = configured ? [...commonFlags, ...configurationFlags] : commonFlags;
  const isOverrides = (argument: Argument) => configured && argument.name() === 'overrides';
  return {
    common: options.filter(has(commonFlags)).map(describeOption),
    configuration: configured
      ? [
          ...given.filter(isOverrides).map(describeArgument),
          ...options.filter(has(configurationFlags)).map(describeOption),
        ]
      : [],
    own: [
      ...given.filter((argument) => !isOverrides(argument)).map(describeArgument),
      ...options.filter((option) => !has(shared)(option)).map(describeOption),
    ],
  };
}

function describeArgument(argument: Argument): string {
  const { description, argChoices } = argument;
  const name = argument.name() + (argument.variadic ? '...' : '');
  const shown = argument.required ? `<${name}>` : `[${name}]`;
  return formatRow(shown, [description, listChoices(argChoices)]);
}

function describeOption({ flags, description, mandatory, argChoices, defaultValue }: Option): string {
  const value: unknown = defaultValue;
  const byDefault =
    value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `default \`${String(value)}\``;
  return formatRow(flags, [description, mandatory ? 'required' : '', listChoices(argChoices), byDefault]);
}

function listChoices(choices: readonly string[] | undefined): string {
  return choices ? `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}` : '';
}

function formatRow(name: string, parts: readonly string[]): string {
  const meaning = parts.filter((part) => part !== '').join('; ');
  return `| \`${name}\` | ${meaning.replaceAll('|', '\\|')} |`;
}

// `hovernet infer`: `run` with the packaged inference.json.
import { resultFormats } from '@hovernet/export/formats';
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { runConfigured } from '../start-workflow.js';

interface InferFlags extends ConfigurationFlags {
  readonly outputs?: string;
}

export function addInferCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('infer'))
    .usage('[images...] [options] [--ID VALUE]...')
    .description('segment images (files, folders, globs): maps, nuclei as JSON, overlay')
    .option(
      '--outputs <formats>',
      `formats to write, separated by commas: ${resultFormats.map(({ name }) => name).join()}`,
    )
    .addHelpText('after', listFormats)
    .action((words: string[], { outputs, ...flags }: InferFlags) =>
      host.run(flags, (context) => runConfigured(flags, listOverrides(words, outputs), ['inference'], context)),
    );
}

/**
 * Words before the first override are images: `a.png b --raw` as `--infer#inputs ["a.png","b"] --raw`. The flag `--outputs` comes
 * last, so that it wins.
 */
function listOverrides(words: readonly string[], outputs: string | undefined): string[] {
  const first = words.findIndex((word) => word.startsWith('--'));
  const [images, overrides] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  return [
    ...(images.length === 0 ? [] : ['--infer#inputs', JSON.stringify(images)]),
    ...overrides,
    ...(outputs === undefined ? [] : ['--infer#outputs', JSON.stringify(outputs.split(','))]),
  ];
}

/** The registry of formats, for the help text. */
function listFormats(): string {
  const longest = Math.max(...resultFormats.map(({ name }) => name.length));
  const rows = resultFormats.map(({ name, description }) => `  ${name.padEnd(longest)}  ${description}`);
  return `\nFormats (those of text also compressed: geojson.gz):\n${rows.join('\n')}`;
}

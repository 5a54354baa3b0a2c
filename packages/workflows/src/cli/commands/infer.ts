// `hovernet infer`: `run` with the packaged inference.json.
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { runConfigured } from '../start-workflow.js';

export function addInferCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('infer'))
    .usage('[images...] [options] [--ID VALUE]...')
    .description('segment images (files, folders, globs): maps, nuclei as JSON, overlay')
    .action((words: string[], flags: ConfigurationFlags) =>
      host.run(flags, (context) => runConfigured(flags, nameInputs(words), ['inference'], context)),
    );
}

/** Words before the first override are images: `a.png b --raw` as `--infer#inputs ["a.png","b"] --raw`. */
function nameInputs(words: readonly string[]): string[] {
  const first = words.findIndex((word) => word.startsWith('--'));
  const [images, overrides] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  return images.length === 0 ? [...overrides] : ['--infer#inputs', JSON.stringify(images), ...overrides];
}

// `hovernet infer`: `run` with the packaged inference.json.
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { runConfigured } from '../start-workflow.js';

export function addInferCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('infer'))
    .description('segment images: maps, nuclei as JSON, overlay')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, (context) => runConfigured(flags, overrides, ['inference'], context)),
    );
}

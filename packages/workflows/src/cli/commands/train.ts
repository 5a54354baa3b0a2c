// `hovernet train`: `run` with the packaged train.json.
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { runConfigured } from '../start-workflow.js';

export function addTrainCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('train'))
    .description('train the network on prepared patches')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, (context) => runConfigured(flags, overrides, ['train'], context)),
    );
}

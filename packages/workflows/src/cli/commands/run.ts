// `hovernet run`: the workflow that configuration files describe.
import type { CommandHost } from '../command-host.js';
import { addConfigurationOptions, loadFromArguments, type ConfigurationFlags } from '../configuration-arguments.js';
import { startWorkflow } from '../start-workflow.js';

export function addRunCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('run'))
    .description('run the workflow that configuration files describe')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, async (context) => startWorkflow(await loadFromArguments(flags, overrides, []), context)),
    );
}

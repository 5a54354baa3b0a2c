// `hovernet train`: `run` with the packaged train.json.
import { addConfigurationOptions, loadFromArguments, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { startWorkflow } from '../start-workflow.js';

export function addTrainCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('train'))
    .description('train the network on prepared patches')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, async (context) => {
        const { packagedFile } = await import('../../config/load-document.js');
        const files = [packagedFile('train')];
        return startWorkflow(await loadFromArguments(flags, overrides, files), context);
      }),
    );
}

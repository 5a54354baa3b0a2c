// `hovernet infer`: `run` with the packaged inference.json.
import { addConfigurationOptions, loadFromArguments, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { startWorkflow } from '../start-workflow.js';

export function addInferCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('infer'))
    .description('segment images: maps, nuclei as JSON, overlay')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, async (context) => {
        const { packagedFile } = await import('../../config/load-document.js');
        const files = [packagedFile('inference')];
        return startWorkflow(await loadFromArguments(flags, overrides, files), context);
      }),
    );
}

// `hovernet evaluate`: `run` with the packaged train.json and evaluate.json.
import { addConfigurationOptions, loadFromArguments, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { startWorkflow } from '../start-workflow.js';

export function addEvaluateCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('evaluate'))
    .description('score a trained network on prepared tiles: Dice, AJI, PQ, F1')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, async (context) => {
        const { packagedFile } = await import('../../config/load-document.js');
        const files = [packagedFile('train'), packagedFile('evaluate')];
        return startWorkflow(await loadFromArguments(flags, overrides, files), context);
      }),
    );
}

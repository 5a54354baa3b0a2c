// `hovernet evaluate`: `run` with the packaged train.json and evaluate.json.
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import type { CommandHost } from '../command-host.js';
import { runConfigured } from '../start-workflow.js';

export function addEvaluateCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('evaluate'))
    .description('score a trained network on prepared tiles: Dice, AJI, PQ, F1')
    .action((overrides: string[], flags: ConfigurationFlags) =>
      host.run(flags, (context) => runConfigured(flags, overrides, ['train', 'evaluate'], context)),
    );
}

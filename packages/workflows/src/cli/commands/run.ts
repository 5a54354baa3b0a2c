// `hovernet run`: the workflow that configuration files describe.
import type { CommandHost } from '../command-host.js';
import { addConfigurationOptions, type ConfigurationFlags } from '../configuration-arguments.js';
import { runConfigured } from '../start-workflow.js';

export function addRunCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('run'))
    .description('run the workflow that configuration files describe')
    .action((words: string[], flags: ConfigurationFlags) =>
      host.run(flags, (context) => runConfigured(flags, readRunId(words), [], context)),
    );
}

/** The bundle's older commands name the list of steps to run first: `run training --config_file …`. */
function readRunId([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return /^[A-Za-z]\w*$/.test(first) ? ['--run_id', first, ...others] : [first, ...others];
}

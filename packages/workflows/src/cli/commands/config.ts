// `hovernet config`: the configuration that a command would work by.
import { Argument } from 'commander';
import type { CommandHost } from '../command-host.js';
import { addConfigurationOptions, readArguments, type ConfigurationFlags } from '../configuration-arguments.js';

export function addConfigCommand(host: CommandHost): void {
  const command = host.add('config');
  command.addArgument(new Argument('<action>', 'what to do').choices(['show', 'check']));
  addConfigurationOptions(command)
    .usage('<show|check> [id] [options] [--ID VALUE...]')
    .description('show the resolved configuration, or one id, with its hash; or check it and list every problem')
    .action((action: 'show' | 'check', words: string[], flags: ConfigurationFlags) =>
      host.run(flags, async (context) => {
        const { packagedFile } = await import('../../config/load-document.js');
        const [id, overrides] = words[0]?.startsWith('--') === false ? [words[0], words.slice(1)] : [undefined, words];
        // Without a file of the user's own: the bundle's first.
        const packaged = (flags.config_file ?? flags.args_file) ? [] : [packagedFile('train')];
        const { source } = await readArguments(flags, overrides, packaged);
        const { checkConfiguration, showConfiguration } = await import('../../config/describe-configuration.js');
        return action === 'check' ? checkConfiguration(source, context) : showConfiguration(source, id);
      }),
    );
}

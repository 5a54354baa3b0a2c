// `hovernet preview`: a picture of what training sees.
import type { CommandHost } from '../command-host.js';
import { addConfigurationOptions, loadFromArguments, type ConfigurationFlags } from '../configuration-arguments.js';
import { parseCount, parsePositiveCount } from '../parse-number.js';

interface PreviewFlags extends ConfigurationFlags {
  readonly dataset_dir?: string;
  readonly out: string;
  readonly count: number;
  readonly seed?: number;
  readonly phase: string;
  readonly scale: number;
}

export function addPreviewCommand(host: CommandHost): void {
  addConfigurationOptions(host.add('preview'))
    .description('draw patches before and after augmentation, with contours, HoVer maps and types, on a PNG sheet')
    .option('--dataset_dir <folder>', 'prepared patches: FOLDER/PHASE')
    .requiredOption('--out <file>', 'PNG file to write')
    .option('--count <number>', 'patches to show', parsePositiveCount, 4)
    .option('--seed <number>', 'selects the patches and their augmentation; 321 by default', parseCount)
    .option('--phase <name>', 'phase to take patches from', 'Train')
    .option('--scale <number>', 'magnification of the patches', parsePositiveCount, 2)
    .action((overrides: string[], { dataset_dir, out, count, seed, phase, scale, ...flags }: PreviewFlags) =>
      host.run(flags, async (context) => {
        const { packagedFile } = await import('../../config/load-document.js');
        const given = Object.entries({ dataset_dir, seed }).filter(([, value]) => value !== undefined);
        const words = [...overrides, ...given.flatMap(([id, value]) => [`--${id}`, String(value)])];
        const config = await loadFromArguments(flags, words, [packagedFile('train')]);
        const { runPreview } = await import('../../preview/run-preview.js');
        return runPreview(config, { out, count, phase, scale }, context);
      }),
    );
}

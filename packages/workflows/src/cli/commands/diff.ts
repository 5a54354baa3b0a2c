// `hovernet diff`: two results of one image.
import { Argument } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parsePositive } from '../parse-number.js';

interface DiffFlags extends CommonFlags {
  readonly radius: number;
  readonly moved: number;
  readonly picture?: string;
  readonly image?: string;
}

export function addDiffCommand(host: CommandHost): void {
  host
    .add('diff')
    .description('compare two results of one image: nuclei that appeared, vanished, changed type, moved')
    .addArgument(new Argument('<a>', 'file of nuclei'))
    .addArgument(new Argument('<b>', 'file of nuclei to compare it with'))
    .option('--radius <px>', 'greatest distance of the centroids of one nucleus', parsePositive, 6)
    .option('--moved <px>', 'distance from which a nucleus counts as moved', parsePositive, 1)
    .option(
      '--picture <file>',
      'PNG to write: in both grey, moved blue, other type yellow, vanished red, appeared green',
    )
    .option('--image <file>', 'image to draw the picture on; white by default')
    .action((pathA: string, pathB: string, { radius, moved, picture, image, ...flags }: DiffFlags) =>
      host.run(flags, async () => {
        const { runDiff } = await import('../../results/run-diff.js');
        const distances = { radiusPx: radius, movedPx: moved };
        return runDiff({ pathA, pathB, ...distances, picturePath: picture, imagePath: image });
      }),
    );
}

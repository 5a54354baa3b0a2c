// `hovernet postprocess`: raw maps of the network to nuclei.
import { referenceNames, toReference } from '@hovernet/core';
import { Option } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parsePositive } from '../parse-number.js';

interface PostprocessFlags extends CommonFlags {
  readonly out: string;
  readonly rules: (typeof referenceNames)[number];
  readonly normalization: 'tile' | 'fixed';
  readonly distance_sigma?: number;
  readonly taxonomy?: string;
  readonly mpp?: number;
}

export function addPostprocessCommand(host: CommandHost): void {
  host
    .add('postprocess')
    .description('turn raw maps of the network into nuclei')
    .argument('<raw>', '.npz file with np, hv and nc, written by hovernet infer --raw')
    .requiredOption('--out <folder>', 'output folder for maps and nuclei')
    .addOption(new Option('--rules <name>', 'whose rules').choices(referenceNames).default('monai'))
    .addOption(
      new Option(
        '--normalization <kind>',
        'scale HoVer slopes by the range of the image (tile), or equally in all images (fixed)',
      )
        .choices(['tile', 'fixed'])
        .default('tile'),
    )
    .option(
      '--distance_sigma <px>',
      "smooth the distance map by a sampled Gaussian; 0.4 gives the instances published with MONAI's test logits",
      parsePositive,
    )
    .option('--taxonomy <name>', 'names and colours of the classes; numbered by default')
    .option('--mpp <um>', 'micrometres per pixel of the image, written to NAME.json; unknown by default', parsePositive)
    .action((rawPath: string, flags: PostprocessFlags) =>
      host.run(flags, async (context) => {
        const { runPostprocess } = await import('../../postprocess/run-postprocess.js');
        const { out, rules, normalization, distance_sigma: distanceSigmaPx, taxonomy, mpp } = flags;
        return runPostprocess(
          { rawPath, outputDir: out, reference: toReference(rules), normalization, distanceSigmaPx, taxonomy, mpp },
          context,
        );
      }),
    );
}

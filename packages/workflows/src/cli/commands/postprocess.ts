// `hovernet postprocess`: raw maps of the network to nuclei.
import { referenceNames, toReference } from '@hovernet/core';
import { Option } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parsePositive } from '../parse-positive.js';

interface PostprocessFlags extends CommonFlags {
  readonly out: string;
  readonly rules: (typeof referenceNames)[number];
  readonly normalization: 'tile' | 'fixed';
  readonly distance_sigma?: number;
  readonly taxonomy?: string;
}

export function addPostprocessCommand(host: CommandHost): void {
  host
    .add('postprocess')
    .description('turn the raw maps of the network into nuclei')
    .argument('<raw>', '.npz file with np, hv and nc, as hovernet infer --raw writes it')
    .requiredOption('--out <folder>', 'where to write maps and nuclei')
    .addOption(new Option('--rules <name>', 'whose rules').choices(referenceNames).default('monai'))
    .addOption(
      new Option('--normalization <kind>', 'scale HoVer slopes by the range of the image, or alike in all images')
        .choices(['tile', 'fixed'])
        .default('tile'),
    )
    .option(
      '--distance_sigma <px>',
      "smooth the distance map by a sampled Gaussian; 0.4 gives the instances published with MONAI's test logits",
      parsePositive,
    )
    .option('--taxonomy <name>', 'names and colours of the classes; numbered by default')
    .action((rawPath: string, flags: PostprocessFlags) =>
      host.run(flags, async (context) => {
        const { runPostprocess } = await import('../../postprocess/run-postprocess.js');
        const { out, rules, normalization, distance_sigma: distanceSigmaPx, taxonomy } = flags;
        return runPostprocess(
          { rawPath, outputDir: out, reference: toReference(rules), normalization, distanceSigmaPx, taxonomy },
          context,
        );
      }),
    );
}

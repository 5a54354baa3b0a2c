// `hovernet score`: metrics of predicted maps against true ones.
import { Option } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';

interface ScoreFlags extends CommonFlags {
  readonly true: string;
  readonly pred: string;
  readonly mode: 'instance' | 'type';
  readonly taxonomy?: string;
  readonly pairing: 'global' | 'gated';
}

export function addScoreCommand(host: CommandHost): void {
  host
    .add('score')
    .description('score predicted maps against the truth: Dice, AJI, PQ, or F1 of types')
    .requiredOption('--true <folder>', 'true maps: NAME.mat or NAME.npy')
    .requiredOption('--pred <folder>', 'predicted maps with the same names')
    .addOption(
      new Option('--mode <mode>', 'score instance maps (with types also mPQ), or centroids with types')
        .choices(['instance', 'type'])
        .default('instance'),
    )
    .option('--taxonomy <name>', 'merge the true types as in training; not merged by default')
    .addOption(
      new Option('--pairing <kind>', 'pair all centroids, as the original, or only those within 12 px')
        .choices(['global', 'gated'])
        .default('global'),
    )
    .action((flags: ScoreFlags) =>
      host.run(flags, async (context) => {
        const { runScore } = await import('../../score/run-score.js');
        const { mode, taxonomy, pairing } = flags;
        const folders = { truthFolder: flags.true, predictionFolder: flags.pred };
        return runScore({ ...folders, mode, taxonomy, pairing }, context);
      }),
    );
}

// The evaluation workflow: whole labelled tiles through the network, scored against their labels.
import { checkPatchClasses, openTiles, readPatchTaxonomy, type PatchTaxonomy } from '@hovernet/data';
import { holdFolder } from '@hovernet/files/internal/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { saveConfiguration } from '../config/save-configuration.js';
import { openConfiguredSegmenter, type ConfiguredSegmenter } from '../inference/open-segmenter.js';
import { checkClasses } from '../network/check-network.js';
import { recordUse } from '../network/used-network.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { createEvaluationDocument, evaluateTiles, writeScores } from '@hovernet/training/evaluation';
import { formatEvaluation } from './format-evaluation.js';
import { writeTile } from './write-tile.js';

/**
 * Scores the network of `weights` on the whole tiles of `dataset_dir`/Test, windows and post-processing as in inference: Dice,
 * AJI, AJI+, DQ, SQ, PQ of each tile and in the mean; bPQ, mPQ, mPQ+, F1d, accuracy and F1 of types over all tiles; with 95 %
 * intervals drawn from `seed`. Writes `evaluation.json`, the tables of the bundle, the configuration and what
 * `evaluate#outputs` names to `output_dir`. Reports a tile that fails and continues.
 * @throws HovernetError where no tile can be scored, or on interruption; no scores are written then.
 */
export async function runEvaluation(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { outputDir, seed, evaluation } = config;
  const tiles = await openTiles(config.datasetDir, config.validation.phase ?? 'Test');
  const release = await holdFolder(outputDir);
  let segmenter: ConfiguredSegmenter['segmenter'] | undefined;
  try {
    const opened = await openConfiguredSegmenter(config, context);
    const { network, taxonomy, used } = opened;
    segmenter = opened.segmenter;
    const record = await checkTiles(config, { network, taxonomy, weights: used.weights.path });
    const mpp = record?.mpp ?? config.inference.mpp;
    warnOfResolution({ tiles: mpp, network: network.mpp }, context);
    const { scored, failures } = await evaluateTiles(
      tiles,
      {
        segmenter,
        write: (tile) => writeTile(outputDir, tile, { outputs: evaluation.outputs, mpp }),
      },
      context,
    );
    if (scored.length <= 3) {
      const text = `${scored.length} tile${scored.length === 1 ? '' : 's'}`;
      context.reporter.message(`intervals of ${text} are no more than the least and the greatest score of a tile`);
    }
    const { pairing, resamples } = evaluation;
    const scores = createEvaluationDocument(scored, { seed, pairing, resamples });
    const dice = scored.map(({ name, maskDice }) => ({ filename: name, value: maskDice }));
    const { hash } = await saveConfiguration(recordUse(config, used), outputDir, 'evaluate');
    const document = { ...scores, failures, config_hash: hash, network: used };
    const path = await writeScores(outputDir, document, dice);
    return { document, summary: `${formatEvaluation(document, segmenter.classes)}\n\nscores  ${path}`, failures };
  } finally {
    await segmenter?.close();
    await release();
  }
}

/** Checks that the tiles and the network mean the same by their types. */
async function checkTiles(
  { datasetDir, validation }: Pick<HovernetConfiguration, 'datasetDir' | 'validation'>,
  { network, taxonomy, weights }: Pick<ConfiguredSegmenter, 'network' | 'taxonomy'> & { readonly weights: string },
): Promise<PatchTaxonomy | null> {
  const phase = validation.phase ?? 'Test';
  if (network.config.outClasses === 0) return readPatchTaxonomy(datasetDir, phase);
  const remedy = 'evaluate weights of these classes, or prepare the tiles again with the taxonomy of the weights';
  const record = await checkPatchClasses(datasetDir, phase, { classes: network.classes, origin: weights, remedy });
  // Nobody recorded what the types mean: the taxonomy has to.
  if (record === null) checkClasses(network.config, taxonomy, weights);
  return record;
}

/** Tiles are not resampled: their labels would no longer fit them. */
function warnOfResolution(
  { tiles, network }: { readonly tiles: number | null; readonly network: number | null },
  { reporter }: Pick<WorkflowContext, 'reporter'>,
): void {
  if (tiles === null || network === null || Math.abs(tiles / network - 1) < 0.02) return;
  reporter.message(
    `the tiles have ${tiles} µm per pixel, the weights were trained at ${network}: expect lower scores than at their own`,
  );
}

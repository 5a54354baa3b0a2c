// The evaluation workflow: whole labelled tiles through the network, scored against their labels.
import { openTiles } from '@hovernet/data';
import type { HovernetConfiguration } from '../config/configuration.js';
import { saveConfiguration } from '../config/save-configuration.js';
import { openConfiguredSegmenter } from '../inference/open-segmenter.js';
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
 * `evaluate#outputs` names to `output_dir`. A tile that fails is reported, the rest goes on.
 * @throws HovernetError where no tile can be scored, or on interruption; no scores are written then.
 */
export async function runEvaluation(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { outputDir, seed, evaluation } = config;
  const tiles = await openTiles(config.datasetDir, 'Test');
  const { segmenter, network, taxonomy, used } = await openConfiguredSegmenter(config, context);
  try {
    checkClasses(network.config, taxonomy, config.weightsPath);
    const { scored, failures } = await evaluateTiles(
      tiles,
      {
        segmenter,
        write: (tile) => writeTile(outputDir, tile, { outputs: evaluation.outputs, mpp: taxonomy.mpp }),
      },
      context,
    );
    const { pairing, resamples } = evaluation;
    const scores = createEvaluationDocument(scored, { seed, pairing, resamples });
    const dice = scored.map(({ name, maskDice }) => ({ filename: name, value: maskDice }));
    const { hash } = await saveConfiguration(recordUse(config, used), outputDir, 'evaluate');
    const document = { ...scores, failures, config_hash: hash, network: used };
    const path = await writeScores(outputDir, document, dice);
    return { document, summary: `${formatEvaluation(document, segmenter.classes)}\n\nscores  ${path}`, failures };
  } finally {
    await segmenter.close();
  }
}

// The evaluation workflow: whole labelled tiles through the network, scored against their labels.
import { join } from 'node:path';
import type { LabelMap, Segmentation } from '@hovernet/core';
import { openTiles, writeFileAtomic } from '@hovernet/data';
import {
  averageInstanceScores,
  scoreInstances,
  scoreTypes,
  type InstanceMetrics,
  type TypedImage,
} from '@hovernet/metrics';
import { describeNuclei } from '@hovernet/postprocess';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { openNetwork } from '../inference/open-network.js';
import { createTilePredictor } from '../inference/tile-predictor.js';
import { checkClasses } from '../network/check-network.js';
import { openEngine } from '../network/open-engine.js';
import { overlapStages } from '../postprocess/overlap-stages.js';
import { formatTable } from '../report/format-table.js';
import { toInstanceRecord, type InstanceRecord } from '../score/instance-record.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';

interface ScoredTile {
  readonly name: string;
  readonly metrics: InstanceMetrics;
  readonly nuclei: TypedImage;
}

/**
 * Scores the network of `weights` on the tiles of `dataset_dir`/Test: per tile and mean Dice, AJI, AJI+, DQ, SQ, PQ of the
 * instances, and F1d, accuracy and per-type F1 of the centroids of all tiles together. Writes `metrics.json` to `output_dir`.
 */
export async function runEvaluation(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const tiles = await openTiles(config.datasetDir, 'Test');
  const network = await openNetwork(config, context.reporter);
  checkClasses(network.config, network.taxonomy, config.weightsPath);
  const engine = await openEngine(config.engine, network.config, { reporter: context.reporter });
  const predictor = createTilePredictor(engine, network, {
    windowPx: network.windowPx,
    batchSize: config.windowBatchSize,
  });
  const scored: ScoredTile[] = [];
  const progress = context.reporter.startProgress({ label: 'evaluating', total: tiles.length, unit: 'tiles' });
  const pool = createPostprocessPool();
  try {
    const outcomes = overlapStages(
      Array.from({ length: tiles.length }, (_, index) => index),
      {
        first: async (index) => {
          const tile = await tiles.load(index);
          return { index, tile, rawMaps: await predictor.predict(tile.image, { signal: context.signal }) };
        },
        second: async ({ index, tile, rawMaps }) => {
          const segmentation = await pool.segment(rawMaps, { ...config.postprocess, moveMaps: true });
          const truth = describeNuclei(tile.instanceMap, { classMap: tile.typeMap });
          return scoreTile(tiles.name(index), tile.instanceMap, segmentation, truth);
        },
      },
    );
    for await (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      progress.update(scored.push(outcome.value));
    }
  } finally {
    progress.finish();
    await predictor.dispose();
    await pool.dispose();
  }
  const typed = network.config.outClasses > 0;
  const document = createDocument(scored, typed);
  const path = join(config.outputDir, 'metrics.json');
  await writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`);
  return { document, summary: `${formatScores(document, network.classes)}\n\nmetrics  ${path}` };
}

function scoreTile(
  name: string,
  truth: LabelMap,
  { instanceMap, nuclei }: Segmentation,
  trueNuclei: TypedImage['truth'],
): ScoredTile {
  return { name, metrics: scoreInstances(truth, instanceMap), nuclei: { truth: trueNuclei, prediction: nuclei } };
}

interface EvaluationDocument {
  readonly images: readonly ({ readonly name: string } & InstanceRecord)[];
  readonly mean: InstanceRecord;
  /** Null without a type branch. */
  readonly type: { readonly f1d: number; readonly acc: number; readonly f1: Readonly<Record<string, number>> } | null;
}

function createDocument(scored: readonly ScoredTile[], typed: boolean): EvaluationDocument {
  const types = typed ? scoreTypes(scored.map(({ nuclei }) => nuclei)) : null;
  return {
    images: scored.map(({ name, metrics }) => ({ name, ...toInstanceRecord(metrics) })),
    mean: toInstanceRecord(averageInstanceScores(scored.map(({ metrics }) => metrics))),
    type: types && { f1d: types.f1d, acc: types.accuracy, f1: types.f1 },
  };
}

function formatScores(
  { images, mean, type }: EvaluationDocument,
  classes: readonly { id: number; name: string }[],
): string {
  const rows = [...images, { name: 'mean', ...mean }].map((row) => Object.values(row) as (string | number)[]);
  const instances = formatTable(['tile', 'Dice', 'AJI', 'AJI+', 'DQ', 'SQ', 'PQ'], rows);
  if (!type) return instances;
  const nameOf = (id: string) => classes.find((known) => String(known.id) === id)?.name ?? `type ${id}`;
  const perType = Object.entries(type.f1).map(([id, value]): [string, number] => [`F1 ${nameOf(id)}`, value]);
  const types = formatTable(['nuclei of all tiles', 'score'], [['F1d', type.f1d], ['accuracy', type.acc], ...perType]);
  return `${instances}\n\n${types}`;
}

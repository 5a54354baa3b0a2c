// Scores of labelled tiles.
import { expectEqual, expectThat, readWrittenJson, writtenFile, type CheckedRun } from './check-run.js';
import { checkMaps } from './check-inference.js';
import { readCsv } from './read-files.js';

/** Throws unless `folder` holds scores and maps of every test tile, and tables with the same figures. */
export function checkEvaluation(run: CheckedRun, folder = 'eval'): void {
  const names = run.project.tiles.Test.map(({ name }) => name);
  const document = readWrittenJson(run, folder, 'evaluation.json');
  const images = document['images'] as Record<string, number | string | null>[];
  expectEqual(
    'tiles of evaluation.json',
    images.map(({ name }) => name),
    names,
  );
  for (const metric of ['dice', 'aji', 'aji_plus', 'dq', 'sq', 'pq'])
    expectThat(
      `${metric} within 0…1`,
      images.every((image) => within01(image[metric])),
    );
  const dice = document['val_mean_dice'] as number;
  expectThat('val_mean_dice within 0…1', within01(dice));
  expectEqual('failures', document['failures'], []);
  const hash = readWrittenJson(run, folder, 'evaluate_config.json')['_hash_'];
  expectEqual('hash of evaluate_config.json', hash, document['config_hash']);

  const table = (file: string) => readCsv(writtenFile(run, folder, file));
  expectEqual('metrics.csv', table('metrics.csv')[0], ['val_mean_dice', String(dice)]);
  const raw = table('val_mean_dice_raw.csv');
  expectEqual('head of val_mean_dice_raw.csv', raw[0], ['filename', 'class0', 'mean']);
  expectEqual(
    'rows of val_mean_dice_raw.csv',
    raw.slice(1).map(([name]) => name),
    names,
  );
  const summary = table('val_mean_dice_summary.csv');
  expectEqual(
    'rows of val_mean_dice_summary.csv',
    summary.map(([name]) => name),
    ['class', 'class0', 'mean'],
  );
  expectEqual('mean in val_mean_dice_summary.csv', summary[2]![1], dice.toFixed(4));
  for (const tile of run.project.tiles.Test) checkMaps(run, folder, tile);
}

/** Metrics of a tile without found nuclei may be undefined, which JSON has as null. */
function within01(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value >= 0 && value <= 1);
}

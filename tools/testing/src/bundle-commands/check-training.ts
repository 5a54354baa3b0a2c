// Checkpoints and records of training.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expectEqual, expectThat, readWrittenJson, writtenFile, writtenFiles, type CheckedRun } from './check-run.js';
import { readFloats, readJsonLines, readSafetensors, type WeightFile, type WeightTensor } from './read-files.js';

export interface TrainingExpectation {
  readonly stage: 0 | 1;
  /** Whether the residual units of the encoder keep their start weights. */
  readonly frozen: boolean;
  /** @default 1 */
  readonly epochs?: number;
  /** Folder of the project that stands for `bundle_root`. @default the project itself */
  readonly root?: string;
  /** Weights that training began with, where they are known. */
  readonly start?: ReadonlyMap<string, WeightTensor>;
}

/** What `freeze_encoder` freezes: filters of the residual units. */
const frozenFilter = /^res_blocks\.d\d\.layers\..*\.conv\d\.weight$/;

/** Folder of a stage's checkpoints. */
export function checkpointFolder(stage: 0 | 1, root = ''): string {
  return `${root}models${stage === 0 ? '/stage0' : ''}`;
}

/** Throws unless the stage left its checkpoints, log, curves, events and configuration, whole and of the right values. */
export function checkTraining(run: CheckedRun, expected: TrainingExpectation): void {
  const { stage, frozen, epochs = 1, root = '', start } = expected;
  const last = checkWeights(writtenFile(run, checkpointFolder(stage, root), 'model.safetensors'));
  const best = writtenFiles(run, checkpointFolder(stage, root), /^model_key_metric=\d\.\d{4}\.safetensors$/);
  expectEqual('checkpoints of the best epoch', best.length, 1);
  checkWeights(best[0]!);
  if (start) checkFrozen(last, start, frozen);
  const dice = checkRecords(run, `${root}eval/stage${stage}`, expected, epochs);
  expectEqual('Dice in the name of the best checkpoint', Number(basename(best[0]!).slice(17, 23)), dice);
}

function checkWeights(path: string): WeightFile {
  const file = readSafetensors(path);
  const config = JSON.parse(file.metadata['hovernet.config'] ?? '{}') as Record<string, unknown>;
  expectEqual(`classes of ${basename(path)}`, config['outClasses'], 5);
  for (const [name, tensor] of file.tensors) {
    if (tensor.dtype === 'F32') expectThat(`finite ${name}`, readFloats(tensor).every(Number.isFinite));
  }
  for (const part of [
    'conv0',
    'res_blocks',
    'bottleneck',
    'nucleus_prediction',
    'horizontal_vertical',
    'type_prediction',
  ])
    expectThat(
      `tensors of ${part}`,
      [...file.tensors.keys()].some((name) => name.startsWith(`${part}.`)),
    );
  return file;
}

/** Frozen filters are bit by bit those of the start; trained ones are all others. */
function checkFrozen({ tensors }: WeightFile, start: ReadonlyMap<string, WeightTensor>, frozen: boolean): void {
  const filters = [...tensors].filter(([name]) => frozenFilter.test(name));
  expectThat('residual units', filters.length > 0);
  const differs = ([name, { bytes }]: [string, WeightTensor]) => Buffer.compare(bytes, start.get(name)!.bytes) !== 0;
  expectEqual(
    'filters of residual units that training changed',
    filters.filter(differs).length,
    frozen ? 0 : filters.length,
  );
  expectThat('another stem than at the start', differs(['conv0.conv.weight', tensors.get('conv0.conv.weight')!]));
}

/** Checks log, curves, events and configuration; gives the best validation Dice in four digits. */
function checkRecords(run: CheckedRun, folder: string, { stage, frozen }: TrainingExpectation, epochs: number): number {
  const log = readJsonLines(writtenFile(run, folder, 'train_log.jsonl'));
  expectEqual(
    'epochs in the log',
    log.map(({ epoch }) => epoch),
    Array.from({ length: epochs }, (_, i) => i + 1),
  );
  for (const { loss, terms, val_mean_dice: dice } of log) {
    const values = [loss, dice, ...Object.values(terms as object)];
    expectEqual('figures of an epoch', values.length, 8);
    expectThat('finite figures in the log', values.every(Number.isFinite));
  }
  for (const curve of ['loss.svg', 'dice.svg'])
    expectThat(`a picture in ${curve}`, readFileSync(writtenFile(run, folder, curve), 'utf8').startsWith('<svg'));
  expectEqual('new event files', writtenFiles(run, `${folder}/tensorboard`, /tfevents/).length, 1);
  const config = readWrittenJson(run, folder, 'train_config.json');
  const { freeze_encoder: freeze } = config['network_def'] as Record<string, unknown>;
  expectEqual('stage and freeze_encoder', [config['stage'], freeze], [stage, frozen]);
  return Number(Math.max(...log.map(({ val_mean_dice: dice }) => dice as number)).toFixed(4));
}

// What a training run leaves on disk beside its checkpoints: configuration, log, events, curves.
import { join } from 'node:path';
import { writeFileAtomic } from '@hovernet/files/node';
import type { EpochRecord, TrainContext } from '@hovernet/training';
import type { HovernetConfiguration } from '../config/configuration.js';
import { saveConfiguration } from '../config/save-configuration.js';
import { openJsonLines, type JsonLinesWriter } from '../report/json-lines.js';
import { renderCurve } from '../report/render-curve.js';
import { openEventFile, type EventFile } from '../report/tensorboard/event-file.js';

/** Folder of the records of the stage that `config` trains: the stages of a bundle share one folder of results. */
export function journalDir({ outputDir, stage }: Pick<HovernetConfiguration, 'outputDir' | 'stage'>): string {
  return join(outputDir, `stage${stage}`);
}

export interface TrainingJournal extends Required<Pick<TrainContext, 'onStart' | 'onStep' | 'onEpoch'>> {
  close(): void;
}

/** The journal of a training; nothing is written before it starts. A resumed run continues its log. */
export function openJournal(config: HovernetConfiguration): TrainingJournal {
  const folder = journalDir(config);
  let log: JsonLinesWriter | undefined;
  let events: EventFile | undefined;
  return {
    async onStart(history) {
      await saveConfiguration(config, folder, 'train');
      log = openJsonLines(join(folder, 'train_log.jsonl'), { append: history.length > 0 });
      events = openEventFile(join(folder, 'tensorboard'));
    },
    onStep(step, values) {
      events!.write(step, Object.fromEntries(Object.entries(values).map(([name, value]) => [`train/${name}`, value])));
    },
    async onEpoch(history) {
      const record = history.at(-1)!;
      log!.write({ ...record });
      events!.write(record.epoch, epochEvents(record));
      await writeCurves(folder, history);
    },
    close() {
      log?.close();
      events?.close();
    },
  };
}

function epochEvents({ loss, learning_rate: rate, val_mean_dice: dice }: EpochRecord): Record<string, number> {
  const events = { 'epoch/train_loss': loss, 'epoch/learning_rate': rate };
  return dice === null ? events : { ...events, 'epoch/val_mean_dice': dice };
}

async function writeCurves(folder: string, history: readonly EpochRecord[]): Promise<void> {
  const points = (value: (record: EpochRecord) => number) =>
    history.map((record) => [record.epoch, value(record)] as const);
  const termNames = Object.keys(history[0]?.terms ?? {});
  const loss = renderCurve(
    [
      { name: 'total', points: points((record) => record.loss) },
      ...termNames.map((name) => ({ name, points: points((record) => record.terms[name]!) })),
    ],
    { title: 'Training loss', yLabel: 'loss', yScale: 'log' },
  );
  // Epochs between validations are no gaps in the line.
  const validated = history.flatMap(({ epoch, val_mean_dice: value }) =>
    value === null ? [] : [[epoch, value] as const],
  );
  const dice = renderCurve([{ name: 'validation mean Dice', points: validated }], {
    title: 'Validation',
    yLabel: 'mean Dice',
  });
  await writeFileAtomic(join(folder, 'loss.svg'), loss);
  await writeFileAtomic(join(folder, 'dice.svg'), dice);
}

// What the epochs of a run showed, and what follows from it.

/** What one epoch showed; a line of `train_log.jsonl`. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly learning_rate: number;
  readonly loss: number;
  /** Unweighted loss terms by name. */
  readonly terms: Readonly<Record<string, number>>;
  /** Null where the epoch was not validated. */
  readonly val_mean_dice: number | null;
  readonly seconds: number;
}

/** The epoch with the highest validation Dice, the first of equals. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>((best, record) => {
    return (record.val_mean_dice ?? -1) > (best?.val_mean_dice ?? -1) ? record : best;
  }, undefined);
}

/** Whether the last `patience` validations brought no better Dice than one before them; never where it is null. */
export function outOfPatience(history: readonly EpochRecord[], patience: number | null): boolean {
  if (patience === null) return false;
  const validated = history.filter(({ val_mean_dice }) => val_mean_dice !== null);
  const best = bestEpoch(validated);
  return best !== undefined && validated.length - 1 - validated.indexOf(best) >= patience;
}

/** One line for people. */
export function describeEpoch({ epoch, loss, val_mean_dice: dice, seconds }: EpochRecord, epochs: number): string {
  const validated = dice === null ? '' : `, validation mean Dice ${dice.toFixed(4)}`;
  return `epoch ${epoch}/${epochs}: loss ${loss.toFixed(4)}${validated}, ${seconds.toFixed(1)} s`;
}

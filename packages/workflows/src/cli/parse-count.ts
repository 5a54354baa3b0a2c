// Counts on the command line.
import { InvalidArgumentError } from 'commander';

/** An integer ≥ 0; for commander, which names the option in its message. */
export function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected an integer of at least 0.');
  return Number(text);
}

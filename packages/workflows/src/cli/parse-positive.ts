// Positive numbers on the command line.
import { InvalidArgumentError } from 'commander';

/** A finite number above 0; for commander, which names the option in its message. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

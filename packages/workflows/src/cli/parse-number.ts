// Numbers on the command line.
import { InvalidArgumentError } from 'commander';

/** An integer ≥ 0; for commander, which names the option in its message. */
export function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected an integer of at least 0.');
  return Number(text);
}

/** An integer ≥ 1. */
export function parsePositiveCount(text: string): number {
  const count = parseCount(text);
  if (count === 0) throw new InvalidArgumentError('Expected an integer of at least 1.');
  return count;
}

/** A finite number above 0; for commander, which names the option in its message. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

/** A number of at least 0 and below 1. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('Expected a number of at least 0 and below 1.');
  return value;
}

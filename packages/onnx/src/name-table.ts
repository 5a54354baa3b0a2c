// Tables by operator, where many operators have one entry.

/** `entry` under each of `names`, which spaces part. */
export function entryFor<T>(entry: T, names: string): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, entry]));
}

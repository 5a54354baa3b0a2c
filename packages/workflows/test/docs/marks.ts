// What the comment before a block of commands says of how a test treats it.

export type Mark =
  /** Executed as it stands. */
  | { readonly kind: 'run' }
  /** Training of one step of a small network, everything else as it stands. */
  | { readonly kind: 'run small'; readonly reason: string }
  /** Training of one step; with HOVERNET_DOCS=whole as it stands. */
  | { readonly kind: 'run short'; readonly reason: string }
  /** Executed by other tests. */
  | { readonly kind: 'run by'; readonly tests: readonly string[] }
  | { readonly kind: 'not run'; readonly reason: string };

/** @throws Error for a comment that is none of these. */
export function parseMark(text: string): Mark {
  if (text === '') return { kind: 'run' };
  const [, kind, rest] = /^(run small|run short|run by|not run): (.+)$/.exec(text) ?? [];
  switch (kind) {
    case 'run by':
      return { kind, tests: rest!.split(/,\s*/) };
    case 'run small':
    case 'run short':
    case 'not run':
      return { kind, reason: rest! };
    default:
      throw new Error(
        `expected <!-- run small: why -->, <!-- run short: why -->, <!-- run by: test --> or <!-- not run: why -->, got <!-- ${text} -->`,
      );
  }
}

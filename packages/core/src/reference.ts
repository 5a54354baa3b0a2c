// Whose steps are followed where the two published implementations differ.

/** `monai`: MONAI's bundle. `hover_net`: the authors' repository. docs/parity.md lists the differences. */
export type Reference = 'monai' | 'hover_net';

/** What configurations, flags and weight files may call it: `original` is the older name of `hover_net`. */
export const referenceNames = ['monai', 'hover_net', 'original'] as const;

export function toReference(name: (typeof referenceNames)[number]): Reference {
  return name === 'original' ? 'hover_net' : name;
}

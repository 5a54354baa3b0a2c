// Whose code the weights of an exported file are right for.
import type { Reference, Reporter } from '@hovernet/core';
import type { CheckpointFormat, HoverNetConfig } from '@hovernet/model';

/** Whose graph the readers of a format run; those of safetensors are told in the file. */
const readers: Readonly<Partial<Record<CheckpointFormat, Reference>>> = {
  monai: 'monai',
  'monai-model': 'monai',
  original: 'hover_net',
};

/** Warns where a file at `path` is written for a published implementation in whose graph its weights do not belong. */
export function reportGraph(
  reporter: Reporter,
  path: string,
  { format, config }: { readonly format: CheckpointFormat; readonly config: HoverNetConfig },
): void {
  const reader = readers[format];
  const { reference } = config;
  if (reader === undefined || reader === reference) return;
  reporter.message(
    `${path}: warning: weights of the graph of ${reference}; in that of ${reader} they give other numbers`,
  );
}

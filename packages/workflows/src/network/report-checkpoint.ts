// What a user should know of the weights that were read.
import type { Reference, Reporter } from '@hovernet/core';
import { describeCoverage, type CheckpointOrigin, type HoverNetConfig } from '@hovernet/model';
import type { Checkpoint } from './checkpoint.js';

const origins: Readonly<Record<CheckpointOrigin, string>> = {
  hovernet: 'weights of this project',
  monai: "weights with MONAI's names",
  original: 'weights of the original repository',
  resnet50: "a ResNet with torchvision's names",
  'preact-resnet50': 'a pre-activation ResNet of the original repository',
};

/** Whose graph weights of an origin were trained in; those that describe themselves say it, a standard ResNet has another. */
const graphs: Readonly<Partial<Record<CheckpointOrigin, Reference>>> = {
  monai: 'monai',
  original: 'hover_net',
  'preact-resnet50': 'hover_net',
};

/** Where weights come from, in words. */
export function describeOrigin(origin: CheckpointOrigin): string {
  return origins[origin];
}

/** One line: whose weights, how many of the network's tensors, which network; and a warning where it is another graph's. */
export function describeCheckpoint(path: string, { origin, coverage, config }: Checkpoint): string {
  const { mode, reference, outClasses } = config;
  const classes = outClasses === 0 ? 'no type branch' : `${outClasses} classes with background`;
  const warning = warnOfReference(origin, config);
  const line = `${path}: ${describeOrigin(origin)}, ${describeCoverage(coverage)}; mode ${mode}, reference ${reference}, ${classes}`;
  return warning === null ? line : `${line}; ${warning}`;
}

/** Tells what was read from the file at `path`; of files that describe themselves only as a detail. */
export function reportCheckpoint(reporter: Reporter, path: string, checkpoint: Checkpoint): void {
  const line = describeCheckpoint(path, checkpoint);
  if (checkpoint.origin === 'hovernet') reporter.detail(line);
  else reporter.message(line);
}

/** A sentence where weights of a published implementation run in the graph of the other; else null. */
export function warnOfReference(origin: CheckpointOrigin, { reference }: HoverNetConfig): string | null {
  const own = graphs[origin];
  if (own === undefined || own === reference) return null;
  return `warning: they run in the graph of ${reference} (network_def#compat) and were trained in that of ${own}`;
}

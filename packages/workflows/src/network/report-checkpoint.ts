// What a user should know of the weights that were read.
import type { Reporter } from '@hovernet/core';
import { describeCoverage, type CheckpointOrigin, type GraphCompatibility, type HoverNetConfig } from '@hovernet/model';
import type { Checkpoint } from './checkpoint.js';

const origins: Readonly<Record<CheckpointOrigin, string>> = {
  hovernet: 'weights of this project',
  monai: "weights with MONAI's names",
  original: 'weights of the original repository',
  resnet50: "a ResNet with torchvision's names",
  'preact-resnet50': 'a pre-activation ResNet of the original repository',
};

/** Whose graph weights of an origin were trained in; those that describe themselves say it, a standard ResNet has another. */
const graphs: Readonly<Partial<Record<CheckpointOrigin, GraphCompatibility>>> = {
  monai: 'monai',
  original: 'original',
  'preact-resnet50': 'original',
};

/** Where weights come from, in words. */
export function describeOrigin(origin: CheckpointOrigin): string {
  return origins[origin];
}

/** One line: whose weights, how many of the network's tensors, which network; and a warning where it is another graph's. */
export function describeCheckpoint(path: string, { origin, coverage, config }: Checkpoint): string {
  const { mode, compat, outClasses } = config;
  const classes = outClasses === 0 ? 'no type branch' : `${outClasses} classes with background`;
  const warning = warnOfCompat(origin, config);
  const line = `${path}: ${describeOrigin(origin)}, ${describeCoverage(coverage)}; mode ${mode}, compat ${compat}, ${classes}`;
  return warning === null ? line : `${line}; ${warning}`;
}

/** Tells what was read from the file at `path`; of files that describe themselves only as a detail. */
export function reportCheckpoint(reporter: Reporter, path: string, checkpoint: Checkpoint): void {
  const line = describeCheckpoint(path, checkpoint);
  if (checkpoint.origin === 'hovernet') reporter.detail(line);
  else reporter.message(line);
}

/** A sentence where weights of a published implementation run in the graph of the other; else null. */
export function warnOfCompat(origin: CheckpointOrigin, { compat }: HoverNetConfig): string | null {
  const own = graphs[origin];
  if (own === undefined || own === compat) return null;
  return `warning: they run in the graph of ${compat} (network_def#compat) and were trained in that of ${own}`;
}

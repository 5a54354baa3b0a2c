// Where weights come from and whether they run in their own graph, in words.
import type { Reference } from '@hovernet/core';
import type { HoverNetConfig } from '../config.js';
import { describeCoverage } from '../weight-coverage.js';
import type { Weights, WeightsOrigin } from '../weights.js';

const origins: Readonly<Record<WeightsOrigin, string>> = {
  hovernet: 'weights of this project',
  monai: "weights with MONAI's names",
  original: 'weights of the original repository',
  resnet50: "a ResNet with torchvision's names",
  'preact-resnet50': 'a pre-activation ResNet of the original repository',
};

/** Whose graph weights of an origin were trained in; those that describe themselves say it, a standard ResNet has another. */
const graphs: Readonly<Partial<Record<WeightsOrigin, Reference>>> = {
  monai: 'monai',
  original: 'hover_net',
  'preact-resnet50': 'hover_net',
};

/** Where weights come from, in words. */
export function describeOrigin(origin: WeightsOrigin): string {
  return origins[origin];
}

/** One line: whose weights, how many of the network's tensors, which network; and a warning where it is another graph's. */
export function describeWeights(
  path: string,
  { origin, coverage, config }: Pick<Weights, 'origin' | 'coverage' | 'config'>,
): string {
  const { mode, reference, outClasses } = config;
  const classes = outClasses === 0 ? 'no type branch' : `${outClasses} classes with background`;
  const warning = warnOfReference(origin, config);
  const line = `${path}: ${describeOrigin(origin)}, ${describeCoverage(coverage)}; mode ${mode}, reference ${reference}, ${classes}`;
  return warning === null ? line : `${line}; ${warning}`;
}

/** A sentence where weights of a published implementation run in the graph of the other; else null. */
export function warnOfReference(origin: WeightsOrigin, { reference }: HoverNetConfig): string | null {
  const own = graphs[origin];
  if (own === undefined || own === reference) return null;
  return `warning: these weights run in the graph of ${reference} but were trained in that of ${own}`;
}

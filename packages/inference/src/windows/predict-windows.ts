// Windows of an image through the network, some at a time, each in one view or as the mean of several.
import { HovernetError, type RgbImage } from '@hovernet/core';
import { cutWindow, type WindowPadding, type WindowPlan } from '@hovernet/transforms';
import { branches, type BranchOutputs, type WindowNetwork } from '../network/trained-network.js';
import { addScalars, addVectors, listViews, showView, type View, type ViewSet } from './views.js';

export interface PredictWindowsOptions {
  /** Windows in one run of the network; a last batch that is not full is padded, so that one compiled size serves all. */
  readonly batchSize: number;
  /** What surrounds the image. @default 'zero' */
  readonly padding?: WindowPadding;
  /** Views whose outputs are averaged: logits and HoVer distances. @default 'none' */
  readonly views?: ViewSet;
  /** Aborted to stop between batches. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes the output of window `index` of the plan: that of number `position` in `outputs`. */
export type AcceptWindow = (index: number, outputs: BranchOutputs, position: number) => void | Promise<void>;

/**
 * Predicts the windows `indices` of `plan`, in this order, and hands each to `accept`. `image` is what the plan was made for.
 * @throws HovernetError INTERRUPTED when `signal` is aborted between batches.
 */
export async function predictWindows(
  network: WindowNetwork,
  {
    image,
    plan,
    indices,
  }: { readonly image: RgbImage; readonly plan: WindowPlan; readonly indices: readonly number[] },
  options: PredictWindowsOptions,
  accept: AcceptWindow,
): Promise<void> {
  const { batchSize, padding = 'zero', signal } = options;
  const views = listViews(options.views ?? 'none');
  const area = network.inChannels * plan.size.input ** 2;
  for (let first = 0; first < indices.length; first += batchSize) {
    if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
    const batch = indices.slice(first, first + batchSize);
    const planes = new Float32Array(batchSize * area);
    batch.forEach((index, i) => cutWindow(image, plan, { index, planes, offset: i * area, padding }));
    const outputs = await runViews(network, planes, { plan, batchSize, views });
    for (const [position, index] of batch.entries()) await accept(index, outputs, position);
  }
}

interface ViewRun {
  readonly plan: WindowPlan;
  readonly batchSize: number;
  readonly views: readonly View[];
}

async function runViews(
  network: WindowNetwork,
  planes: Float32Array,
  { plan: { size }, batchSize, views }: ViewRun,
): Promise<BranchOutputs> {
  const batch = { batchSize, size };
  if (views.length === 1) return network.run(planes, batch);
  const sums = Object.fromEntries(
    branches.flatMap((name) => {
      const channels = network.outChannels[name];
      return channels === undefined ? [] : [[name, new Float32Array(batchSize * channels * size.output ** 2)]];
    }),
  ) as Record<string, Float32Array>;
  for (const view of views) {
    const shown = new Float32Array(planes.length);
    showView({ values: planes, sidePx: size.input }, view, shown);
    const outputs = await network.run(shown, batch);
    for (const name of branches) {
      const values = outputs[name];
      const add = name === 'hv' ? addVectors : addScalars;
      if (values) add(sums[name]!, { values, sidePx: size.output }, view);
    }
  }
  for (const values of Object.values(sums)) for (let i = 0; i < values.length; i++) values[i]! /= views.length;
  return sums;
}

// Windows of an image through the network, some at a time, each in one view or as the mean of several.
import { areFinite, HovernetError, type Box, type ImageSource } from '@hovernet/core';
import { cutWindow, type WindowPadding, type WindowPlan } from '@hovernet/transforms';
import { windowOrigin } from '@hovernet/transforms/internal';
import { branches, type BranchOutputs, type WindowNetwork } from '../network/trained-network.js';
import { settle, unwrap } from '../overlap-images.js';
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

/** The output of window `index` of a plan: that of number `position` in `outputs`. */
export interface PredictedWindow {
  readonly index: number;
  readonly outputs: BranchOutputs;
  readonly position: number;
}

/** Windows of an image, in the order in which they are wanted. */
export interface WindowJob {
  readonly source: ImageSource;
  readonly plan: WindowPlan;
  readonly indices: readonly number[];
}

/**
 * Predicts the windows of a job in their order. While the network runs, the next batch is read, and the former one is in the hands of
 * the caller. `onBatch` is called with the number of windows that are done.
 * @throws what the source and the engine throw; HovernetError ENGINE_FAILED for NaN and infinities, INTERRUPTED when `signal` is
 * aborted between batches.
 */
export async function* predictWindows(
  network: WindowNetwork,
  { source, plan, indices }: WindowJob,
  options: PredictWindowsOptions,
  onBatch?: (done: number) => void,
): AsyncGenerator<PredictedWindow, void, undefined> {
  const { batchSize, padding = 'zero', signal } = options;
  const views = listViews(options.views ?? 'none');
  const area = network.inChannels * plan.size.input ** 2;

  async function readBatch(first: number): Promise<Float32Array> {
    const planes = new Float32Array(batchSize * area);
    for (const [i, index] of indices.slice(first, first + batchSize).entries()) {
      const { box, relative } = locateWindow(plan, index, padding);
      const image = await source.read(box, signal);
      cutWindow(image, relative, { index: 0, planes, offset: i * area, padding });
    }
    return planes;
  }

  let read = indices.length > 0 ? settle(readBatch(0)) : undefined;
  let running: ReturnType<typeof settle<BranchOutputs>> | undefined;
  const runBatch = async (first: number): Promise<BranchOutputs> => {
    const reading = await read!;
    if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
    if (reading.status === 'rejected') throw reading.reason;
    const outputs = runViews(network, reading.value, { plan, batchSize, views });
    if (first + batchSize < indices.length) read = settle(readBatch(first + batchSize));
    return outputs;
  };
  try {
    if (indices.length > 0) running = settle(runBatch(0));
    for (let first = 0; first < indices.length; first += batchSize) {
      const outputs = await unwrap(running!);
      const end = Math.min(indices.length, first + batchSize);
      onBatch?.(end);
      if (end < indices.length) running = settle(runBatch(end));
      for (let at = first; at < end; at++) {
        const predicted = { index: indices[at]!, outputs, position: at - first };
        assertFinite(plan, predicted, batchSize);
        yield predicted;
      }
    }
  } finally {
    await running;
    await read;
  }
}

/** Here and not in the post-processing, because here it is known where in the image it was. */
function assertFinite(plan: WindowPlan, { index, outputs, position }: PredictedWindow, batchSize: number): void {
  for (const name of branches) {
    const values = outputs[name];
    const length = (values?.length ?? 0) / batchSize;
    if (!values || areFinite(values.subarray(position * length, (position + 1) * length))) continue;
    const { row, column } = windowOrigin(plan, index);
    const box = [column, row, column + plan.size.output, row + plan.size.output];
    throw new HovernetError(
      'ENGINE_FAILED',
      `the network gave NaN or an infinity for ${name} in the window [${box.join(', ')}]; ` +
        'check its weights, or use float32 or another engine',
    );
  }
}

/**
 * The part of the image that a window shows, what mirrors in it included, and the plan of that window in it. The part depends on the
 * window alone.
 */
function locateWindow(
  plan: WindowPlan,
  index: number,
  padding: WindowPadding,
): { readonly box: Box; readonly relative: WindowPlan } {
  const { size, imageHeight, imageWidth } = plan;
  const { row, column } = windowOrigin(plan, index);
  const margin = (size.input - size.output) / 2;
  const [y0, y1] = listShown(row - margin, size.input, imageHeight, padding);
  const [x0, x1] = listShown(column - margin, size.input, imageWidth, padding);
  const relative = {
    size,
    imageHeight: y1 - y0,
    imageWidth: x1 - x0,
    rowStarts: [row - y0],
    columnStarts: [column - x0],
  };
  return { box: [x0, y0, x1, y1], relative };
}

/** First and one past the last of the `length` positions that `count` from `start` show. */
function listShown(start: number, count: number, length: number, padding: WindowPadding): readonly [number, number] {
  const first = Math.max(0, start);
  const end = Math.min(length, start + count);
  if (padding === 'zero') return [first, end];
  const [before, after] = [Math.max(0, -start), Math.max(0, start + count - length)];
  return [
    after > 0 ? Math.max(0, Math.min(first, length - 1 - after)) : first,
    before > 0 ? Math.min(length, Math.max(end, before + 1)) : end,
  ];
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

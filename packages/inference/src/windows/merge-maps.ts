// The outputs of all windows of a plan, put together.
import type { RawMaps } from '@hovernet/core';
import { createWindowMerger, type WindowMerger, type WindowPlan } from '@hovernet/transforms';
import { branches, type BranchOutputs, type WindowNetwork } from '../network/trained-network.js';

/** Collects the outputs of a plan's windows. */
export interface MapMerger {
  /** Adds window `index`: that of number `position` in `outputs`. */
  add(index: number, outputs: BranchOutputs, position: number): void;
  /** Once every window was added; the merger must not be used afterwards. */
  finish(): RawMaps;
}

export function createMapMerger({ outChannels }: Pick<WindowNetwork, 'outChannels'>, plan: WindowPlan): MapMerger {
  const mergers = new Map<string, WindowMerger>();
  const steps = new Map<string, number>();
  for (const name of branches) {
    const channels = outChannels[name];
    if (channels === undefined) continue;
    mergers.set(name, createWindowMerger(plan, channels));
    steps.set(name, channels * plan.size.output ** 2);
  }
  return {
    add(index, outputs, position) {
      for (const [name, merger] of mergers) merger.add(index, outputs[name as 'np']!, position * steps.get(name)!);
    },
    finish: () =>
      Object.fromEntries(Array.from(mergers, ([name, merger]) => [name, merger.finish()])) as unknown as RawMaps,
  };
}

// How often each patch is drawn so that rare types of nuclei are seen more often.
import { toContiguous, type TypeMap } from '@hovernet/core';
import type { BalanceOptions } from './train-options.js';

/** What is asked of the patches: as openPatches gives them. */
export interface TypedPatches {
  readonly length: number;
  load(index: number): Promise<{ readonly typeMap: TypeMap }>;
}

/**
 * Weights of the patches, summing to 1. A share of `typeShare` goes to types: each type that occurs (background is none) has the
 * same part of it, divided among patches by their pixels of the type in the centre, `sidePx` a side; the rest is even.
 * Reads every patch once.
 */
export async function balanceTypes(
  patches: TypedPatches,
  { typeShare }: Pick<Required<BalanceOptions>, 'typeShare'>,
  { classes, sidePx }: { readonly classes: number; readonly sidePx: number },
): Promise<Float64Array> {
  const counts = Array.from({ length: classes }, () => new Float64Array(patches.length));
  for (let index = 0; index < patches.length; index++) {
    const { typeMap } = await patches.load(index);
    countTypes(typeMap, sidePx, (type) => counts[type]![index]!++);
  }
  const sums = counts.map((ofType) => ofType.reduce((sum, count) => sum + count, 0));
  const types = sums.flatMap((sum, type) => (type > 0 && sum > 0 ? [type] : []));
  const evenShare = types.length > 0 ? 1 - typeShare : 1;
  const weights = new Float64Array(patches.length).fill(evenShare / patches.length);
  for (const type of types) {
    const factor = typeShare / (types.length * sums[type]!);
    for (let index = 0; index < weights.length; index++) weights[index]! += factor * counts[type]![index]!;
  }
  return weights;
}

function countTypes(typeMap: TypeMap, sidePx: number, count: (type: number) => void): void {
  const [height, width] = typeMap.shape as [number, number];
  const types = toContiguous(typeMap);
  const [top, left] = [Math.max(0, (height - sidePx) >> 1), Math.max(0, (width - sidePx) >> 1)];
  for (let y = top; y < Math.min(height, top + sidePx); y++) {
    for (let x = left; x < Math.min(width, left + sidePx); x++) count(types[y * width + x]!);
  }
}

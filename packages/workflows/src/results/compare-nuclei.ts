// What differs between two results of one image, nucleus by nucleus.
import type { NucleusTable, Point } from '@hovernet/core';
import type { NucleiFile } from '@hovernet/export/node';
import { pairCentroids } from '@hovernet/metrics';

/** A nucleus of both results. */
export interface NucleusPair {
  readonly a: number;
  readonly b: number;
  readonly typeA: number | null;
  readonly typeB: number | null;
  readonly distancePx: number;
}

/** Nuclei by their ids. */
export interface NucleiComparison {
  /** Of B alone. */
  readonly appeared: readonly number[];
  /** Of A alone. */
  readonly vanished: readonly number[];
  readonly pairs: readonly NucleusPair[];
  readonly changedType: readonly NucleusPair[];
  /** Whose centroids lie farther apart than a nucleus may move. */
  readonly moved: readonly NucleusPair[];
}

export interface CompareOptions {
  /** Nuclei of a pair lie no farther apart. */
  readonly radiusPx: number;
  /** Farthest that a nucleus moves unnoticed. */
  readonly movedPx: number;
}

/** Pairs as many nuclei of A and B as possible, at the smallest total distance; a type that one result lacks is no change. */
export function compareNuclei(
  { table: a }: Pick<NucleiFile, 'table'>,
  { table: b }: Pick<NucleiFile, 'table'>,
  { radiusPx, movedPx }: CompareOptions,
): NucleiComparison {
  const paired = pairCentroids(listCentroids(a), listCentroids(b), { radiusPx, pairing: 'gated' });
  const pairs = paired.pairs.map(({ truth, prediction, distancePx }) => ({
    a: a.ids[truth]!,
    b: b.ids[prediction]!,
    typeA: a.types ? a.types[truth]! : null,
    typeB: b.types ? b.types[prediction]! : null,
    distancePx,
  }));
  return {
    appeared: paired.unpairedPredictions.map((row) => b.ids[row]!),
    vanished: paired.unpairedTruths.map((row) => a.ids[row]!),
    pairs,
    changedType: pairs.filter(({ typeA, typeB }) => typeA !== null && typeB !== null && typeA !== typeB),
    moved: pairs.filter(({ distancePx }) => distancePx > movedPx),
  };
}

function listCentroids({ count, centroids }: NucleusTable): Point[] {
  return Array.from({ length: count }, (_, row) => [centroids[2 * row]!, centroids[2 * row + 1]!]);
}

// The numbers of a report.
import type { SegmentedImage } from '@hovernet/core';
import { readShapes } from '../shapes/read-shapes.js';

/** Nuclei of one type, or all of them. */
export interface TypeSummary {
  readonly count: number;
  readonly areaPx: number;
}

export interface ResultSummary {
  /** By id of class; null for all. */
  readonly types: ReadonlyMap<number | null, TypeSummary>;
  /** Numbers of pixels and probabilities of nuclei in bins of equal width. */
  readonly areas: Histogram;
  readonly probabilities: Histogram | null;
}

export interface Histogram {
  readonly counts: readonly number[];
  /** Width of a bin; the last one also holds what lies beyond. */
  readonly step: number;
}

const bins = 24;
const areaStep = 25;

/** Counts nuclei and their pixels, by type. */
export async function measureResult(image: SegmentedImage): Promise<ResultSummary> {
  const types = new Map<number | null, { count: number; areaPx: number }>([[null, { count: 0, areaPx: 0 }]]);
  const areas = new Array<number>(bins).fill(0);
  const probabilities = new Array<number>(bins).fill(0);
  for await (const { table, start, end, maskOf } of readShapes(image)) {
    for (let row = start; row < end; row++) {
      const { area } = maskOf(row);
      for (const type of table.types ? [null, table.types[row]!] : [null]) {
        const summary = types.get(type) ?? { count: 0, areaPx: 0 };
        summary.count++;
        summary.areaPx += area;
        types.set(type, summary);
      }
      areas[Math.min(bins - 1, Math.floor(area / areaStep))]!++;
      const probability = table.typeProbabilities?.[row] ?? 0;
      probabilities[Math.min(bins - 1, Math.floor(probability * bins))]!++;
    }
  }
  return {
    types,
    areas: { counts: areas, step: areaStep },
    probabilities: image.isTyped ? { counts: probabilities, step: 1 / bins } : null,
  };
}

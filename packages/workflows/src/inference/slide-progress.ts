// What people are told of a slide while it is segmented, and after.
import type { InterruptedRun } from '@hovernet/inference/internal';
import type { SegmentProgress } from '@hovernet/inference';

/** What became of an interrupted run. */
export function describeResume({ cells, changed }: InterruptedRun): string {
  if (changed.length === 0) return `goes on after an interruption; ${cells} cells are there`;
  const names: Readonly<Record<string, string>> = { image: 'the image', weights: 'the weights' };
  const what = new Set(changed.map((part) => names[part] ?? 'the options'));
  return `starts anew: ${Array.from(what).join(' and ')} changed since the interruption`;
}

/** What progress shows of a large image: cells, nuclei, tissue a minute. */
export function createRate(): (state: SegmentProgress) => Readonly<Record<string, string>> {
  const started = performance.now();
  return ({ cells, totalCells, nuclei, doneUm2 }) => {
    if (totalCells === 1) return {};
    const minutes = (performance.now() - started) / 60_000;
    return {
      cells: `${cells}/${totalCells}`,
      nuclei: String(nuclei),
      ...(doneUm2 && { 'mm²/min': (doneUm2 / 1e6 / minutes).toPrecision(2) }),
    };
  };
}

/** A sentence where nuclei may have been cut at cells. */
export function describeBeyond(name: string, nuclei: number): string[] {
  if (nuclei === 0) return [];
  return [`${name}: ${nuclei} nuclei lie in groups larger than the margin around their cell; it may cut these`];
}

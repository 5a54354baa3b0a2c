// What was drawn for a sample, for people and scripts to read.
import type { FilterChoice } from '@hovernet/transforms/internal';
import type { TrainParameters } from '@hovernet/transforms';

/** Keys as scripts read them. */
export interface DescribedParameters {
  readonly rotation_deg: number;
  /** Rows, columns; above 1 shrinks. */
  readonly scale: readonly [number, number];
  readonly flip_rows: boolean;
  readonly flip_columns: boolean;
  readonly elastic: boolean;
  /** Name of the filter; null for none. */
  readonly filter: string | null;
  readonly stain: boolean;
  /** The colour steps in their order. */
  readonly colors: readonly string[];
  /** All of it in words. */
  readonly steps: string;
}

export function describeParameters(parameters: TrainParameters): DescribedParameters {
  const { affine, flipRows, flipColumns, elastic, filter, stain, jitter } = parameters;
  const [rows, columns] = affine.scale;
  const degrees = (affine.rotation * 180) / Math.PI;
  const colors = jitter.map(({ operation }) => operation);
  const steps = [
    affine.rotation === 0 ? '' : `${degrees.toFixed(0)}°`,
    rows === 1 && columns === 1 ? '' : `scale ${rows.toFixed(2)} × ${columns.toFixed(2)}`,
    flipRows ? 'rows mirrored' : '',
    flipColumns ? 'columns mirrored' : '',
    elastic ? `elastic ${elastic.alphaPx.toFixed(1)} px over ${elastic.sigmaPx.toFixed(0)}` : '',
    describeFilter(filter),
    stain ? `stains × ${stain.scale.map((factor) => factor.toFixed(2)).join(', ')}` : '',
    jitter.map(({ operation, amount }) => `${operation} ${amount.toFixed(2)}`).join(', '),
  ];
  return {
    rotation_deg: degrees,
    scale: [rows, columns],
    flip_rows: flipRows,
    flip_columns: flipColumns,
    elastic: elastic !== undefined,
    filter: filter?.kind ?? null,
    stain: stain !== undefined,
    colors,
    steps: steps.filter((step) => step !== '').join(' · '),
  };
}

function describeFilter(filter: FilterChoice): string {
  switch (filter?.kind) {
    case 'smooth':
      return `blur σ ${filter.sigmaRowsPx.toFixed(2)}, ${filter.sigmaColumnsPx.toFixed(2)} px`;
    case 'smooth-binomial':
      return `blur ${filter.rowsPx}×${filter.columnsPx} px`;
    case 'median':
      return `median ${filter.sizePx ?? 3} px`;
    case 'noise':
      return `noise σ ${filter.deviation.toFixed(2)}`;
    case undefined:
      return '';
  }
}

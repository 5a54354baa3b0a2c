// Tables of metrics as MONAI's MetricsSaver writes them: metrics.csv, NAME_raw.csv, NAME_summary.csv.
import { computeMean, computeQuantile } from '@hovernet/metrics';

/** A metric of one image. */
export interface ImageValue {
  readonly filename: string;
  readonly value: number;
}

/** `metrics.csv`: a line `name,value` for each metric, no header; every digit, `nan` for NaN. */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return formatLines(Object.entries(metrics).map(([name, value]) => [name, formatNumber(value)]));
}

/** `NAME_raw.csv`: the metric of each image, under the one class that it is of and as the mean over classes; four digits. */
export function formatRawValues(images: readonly ImageValue[]): string {
  const rows = images.map(({ filename, value }) => [filename, formatNumber(value, 4), formatNumber(value, 4)]);
  return formatLines([['filename', 'class0', 'mean'], ...rows]);
}

/** `NAME_summary.csv`: what the values of all images come to, without undefined ones; four digits. */
export function formatSummary(images: readonly ImageValue[]): string {
  const summary = Object.entries(summarizeValues(images.map(({ value }) => value)));
  const cells = summary.map(([, value]) => formatNumber(value, 4));
  return formatLines([
    ['class', ...summary.map(([operation]) => operation)],
    ['class0', ...cells],
    ['mean', ...cells],
  ]);
}

/**
 * MetricsSaver's operations on the values that are not NaN: percentiles are interpolated and the standard deviation is that of
 * a population, as NumPy's. All but the number are NaN where there is none.
 */
export function summarizeValues(values: readonly number[]): Readonly<Record<string, number>> {
  const defined = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const mean = computeMean([...defined]);
  const variance = computeMean(Array.from(defined, (value) => (value - mean) ** 2));
  return {
    mean,
    median: computeQuantile(defined, 0.5),
    max: computeQuantile(defined, 1),
    min: computeQuantile(defined, 0),
    '90percentile': computeQuantile(defined, 0.9),
    std: Math.sqrt(variance),
    notnans: defined.length,
  };
}

function formatNumber(value: number, digits?: number): string {
  if (Number.isNaN(value)) return 'nan';
  return digits === undefined ? String(value) : value.toFixed(digits);
}

function formatLines(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
}

/** Names with commas, quotes or line breaks are quoted (RFC 4180). */
function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

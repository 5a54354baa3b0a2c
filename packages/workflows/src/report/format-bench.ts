// What `hovernet bench` measured, as tables for people.
import {
  compareVariants,
  nameVariant,
  type AbsentVariant,
  type BenchCase,
  type BenchDocument,
  type EndToEndDocument,
} from '@hovernet/bench';
import { formatTable } from './format-table.js';

/** Columns of figures that not every benchmark has. */
const extraColumns = {
  ms_per_164px: 'ms per 164²',
  nuclei: 'nuclei',
  min_cpu_ms: 'min cpu ms',
} satisfies Partial<Record<keyof BenchCase, string>>;

/** What ran, and a line for each case. */
export function formatBench({ name, cases }: BenchDocument): string {
  const extra = Object.entries(extraColumns).filter(([key]) => cases.some((measured) => key in measured));
  const rows = cases.map((measured) => {
    const { case: label, median_ms, min_ms, gflops, peak_rss_mb } = measured;
    const more = extra.map(([key]) => measured[key as keyof typeof extraColumns] ?? '–');
    return [label, median_ms, min_ms, measured.runs, gflops ?? '–', peak_rss_mb, ...more];
  });
  const header = ['case', 'median ms', 'min ms', 'runs', 'GFLOP/s', 'peak MiB', ...extra.map(([, title]) => title)];
  const { engine, provider, threads, precision } = cases.find((measured) => measured.engine === 'onnx') ?? cases[0]!;
  return `${name}: ${engine} ${provider}, ${threads} threads, ${precision}\n${formatTable(header, rows)}`;
}

/** What was segmented, a line for each variant, and what is not here. */
export function formatEndToEnd(document: EndToEndDocument): string {
  const { cases, network, image, window, windows, batch_size, absent } = document;
  const title = `end2end: ${network}, ${image.width}×${image.height} px in ${windows} windows of ${window} px, ${batch_size} at once, ${cases[0]!.threads} threads`;
  return [title, formatVariants(cases), ...absent.map((variant) => `not here: ${describeAbsent(variant)}`)].join('\n');
}

function describeAbsent({ provider, precision, reason }: AbsentVariant): string {
  return `${provider}${precision ? ` ${precision}` : ''}: ${reason}`;
}

/** A line for each variant: the milliseconds of both methods, then how many times as fast as the first variant they are. */
export function formatVariants(cases: readonly BenchCase[]): string {
  const methods = compareVariants(cases);
  const variants = [...new Set(cases.map(nameVariant))];
  const headers = [
    'onnx',
    ...methods.map(({ method }) => `${method} ms`),
    ...methods.map(({ method }) => `speedup ${method}`),
    ...methods.map(({ method }) => `${method} cpu ms`),
  ];
  const cpu = (variant: string, method: string) =>
    cases.find((measured) => measured.case === method && nameVariant(measured) === variant)?.min_cpu_ms ?? null;
  const rows = variants.map((variant) => [
    variant,
    ...methods.map(({ ms }) => ms[variant] ?? null),
    ...methods.map(({ speedup }) => speedup[variant] ?? null),
    ...methods.map(({ method }) => cpu(variant, method)),
  ]);
  return formatTable(headers, rows, { digits: 2 });
}

// What segmenting images would cost, from a few windows of each; nothing is written.
import { HovernetError } from '@hovernet/core';
import type { Segmenter, SegmentProgress } from '@hovernet/inference';
import { formatSeconds } from '../report/line-progress.js';
import type { WorkflowOutcome } from '../workflow-context.js';
import type { NamedImage } from './name-images.js';

/** What an image would cost; keys as they are printed. */
export interface Estimate {
  readonly name: string;
  /** Windows that the network would see. */
  readonly windows: number;
  readonly cells: number;
  /** Area of these windows; null where the resolution is unknown. */
  readonly mm2: number | null;
  readonly seconds: number;
  /** Peak resident memory of the process while they were measured, in MiB. */
  readonly memory_mb: number;
  /** Of the journal, and of the nuclei as JSON, in MiB, for dense tissue; null where the area is unknown. */
  readonly disk_mb: number | null;
}

/** Windows that are measured; the first one prepares the engine. */
const measuredWindows = 3;
/** Bytes of 6,000 nuclei, as many as dense tissue has in a mm², in the journal and in `NAME.json`. */
const diskMbPerMm2 = 6;

/**
 * Measures the first windows of each image.
 * @throws what segmenting throws, of the first image that cannot be opened.
 */
export async function estimateImages(
  images: readonly NamedImage[],
  { segmenter, signal }: { readonly segmenter: Pick<Segmenter<string>, 'segmentSlide'>; readonly signal: AbortSignal },
): Promise<WorkflowOutcome> {
  const estimates: Estimate[] = [];
  for (const image of images) estimates.push(await estimateImage(image, segmenter, signal));
  const seconds = estimates.reduce((sum, estimate) => sum + estimate.seconds, 0);
  const lines = estimates.map(describe);
  if (estimates.length > 1) lines.push(`all: about ${formatSeconds(1000 * seconds)}`);
  return { document: { images: estimates, seconds }, summary: lines.join('\n') };
}

async function estimateImage(
  { path, name }: NamedImage,
  segmenter: Pick<Segmenter<string>, 'segmentSlide'>,
  signal: AbortSignal,
): Promise<Estimate> {
  const enough = new AbortController();
  const times: number[] = [];
  let state: SegmentProgress | undefined;
  const onProgress = (progress: SegmentProgress) => {
    state = progress;
    times.push(performance.now());
    if (progress.done >= measuredWindows) enough.abort();
  };
  try {
    await segmenter.segmentSlide(path, {
      sinks: [],
      grid: 'auto',
      signal: AbortSignal.any([signal, enough.signal]),
      onProgress,
    });
  } catch (error) {
    const isMeasured = enough.signal.aborted && !signal.aborted;
    if (!(isMeasured && error instanceof HovernetError && error.code === 'INTERRUPTED')) throw error;
  }
  const { done, total, totalCells, doneUm2 } = state!;
  // Without the first run, where there are others.
  const from = times.length > 2 ? 1 : 0;
  const measured = done * ((times.length - 1 - from) / Math.max(1, times.length - 1));
  const seconds = measured > 0 ? ((times.at(-1)! - times[from]!) / 1000 / measured) * total : 0;
  const mm2 = doneUm2 === null || done === 0 ? null : (doneUm2 / done / 1e6) * total;
  return {
    name,
    windows: total,
    cells: totalCells,
    mm2,
    seconds,
    memory_mb: process.resourceUsage().maxRSS / 1024,
    disk_mb: mm2 === null ? null : mm2 * diskMbPerMm2,
  };
}

function describe({ name, windows, cells, mm2, seconds, memory_mb, disk_mb }: Estimate): string {
  const area = mm2 === null ? '' : `${mm2.toPrecision(2)} mm² in `;
  const disk = disk_mb === null ? '' : `, ${disk_mb.toPrecision(2)} MB of disk`;
  const time = formatSeconds(1000 * seconds);
  return `${name}: ${area}${windows} windows and ${cells} cells; about ${time}, ${memory_mb.toFixed(0)} MB of memory${disk}`;
}

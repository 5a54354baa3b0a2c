// A list of images through the network, the post-processing and into files, each stage at work on another image.
import { stat } from 'node:fs/promises';
import { HovernetError, type NucleusClass, type Progress, type Reporter } from '@hovernet/core';
import type { OutputKind } from '../config/configuration.js';
import { overlapStages } from '../postprocess/overlap-stages.js';
import { isInputFailure } from '../report/is-input-failure.js';
import { formatSeconds } from '../report/line-progress.js';
import { openImage } from './images/open-image.js';
import { listOutputs, type NamedImage, type OutputFiles } from './output/name-outputs.js';
import { abandonImage, finishImage, predictImage, type PredictedImage, type Segmenter } from './segment-image.js';

/** What became of an image. */
export interface ImageReport {
  readonly name: string;
  readonly path: string;
  readonly files: OutputFiles;
  /** Passed over, because its files are there already. */
  readonly skipped?: true;
  readonly width?: number;
  readonly height?: number;
  readonly nuclei?: number;
  readonly seconds?: number;
  /** A sentence for each file whose format cannot hold the result. */
  readonly warnings?: readonly string[];
}

export interface SegmentImagesOptions {
  readonly segmenter: Segmenter;
  readonly folder: string;
  readonly kinds: readonly OutputKind[];
  /** Whether the network has types. */
  readonly typed: boolean;
  readonly skipExisting: boolean;
  readonly description: { readonly classes: readonly NucleusClass[]; readonly mpp: number | null };
  readonly reporter: Reporter;
  /** Called once, when the first image could be opened. */
  readonly beforeFirst?: () => Promise<unknown>;
}

export interface SegmentedImages {
  readonly reports: readonly ImageReport[];
  /** One sentence for each image that failed, beginning with its path. */
  readonly failures: readonly string[];
}

/**
 * Segments `images` in their order. An image that fails is told of at the end, the rest goes on.
 * @throws HovernetError INTERRUPTED, or where every image failed; whatever is no fault of an image.
 */
export async function segmentImages(
  images: readonly NamedImage[],
  options: SegmentImagesOptions,
): Promise<SegmentedImages> {
  const reports: ImageReport[] = [];
  const failures: FailedImage[] = [];
  const jobs = await planJobs(images, options);
  const todo = jobs.filter(({ isThere }) => !isThere);
  for (const { image, files, isThere } of jobs)
    if (isThere) reports.push({ name: image.name, path: image.path, skipped: true, files });
  // What is still at work when an image ends everything is waited for, so that nothing is written afterwards.
  let finishing: Promise<unknown> = Promise.resolve();
  let waiting: PredictedJob | undefined;
  try {
    const estimate = createEstimate(todo.length);
    let prepared: Promise<unknown> | undefined;
    const prepare = () => (prepared ??= Promise.resolve(options.beforeFirst?.()));
    const outcomes = overlapStages(todo.entries(), {
      first: async ([index, job]) =>
        (waiting = await predictJob(job, { index, count: todo.length, estimate, prepare }, options)),
      second: (predicted) => {
        waiting = undefined;
        return (finishing = finishJob(predicted, options));
      },
    });
    let index = 0;
    for await (const outcome of outcomes) {
      const { path } = todo[index++]!.image;
      if (outcome.status === 'fulfilled') reports.push(outcome.value);
      else failures.push(describeFailure(path, outcome.reason));
    }
  } finally {
    await Promise.allSettled([finishing, waiting && abandonImage(waiting.predicted)]);
  }
  if (failures.length > 0 && reports.length === 0) throw allFailed(failures, options.reporter);
  return { reports, failures: failures.map(({ sentence }) => sentence) };
}

interface FailedImage {
  /** Begins with the image's path. */
  readonly sentence: string;
  readonly error: unknown;
}

interface Job {
  readonly image: NamedImage;
  readonly files: OutputFiles;
  readonly isThere: boolean;
}

async function planJobs(images: readonly NamedImage[], options: SegmentImagesOptions): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const image of images) {
    const files = listOutputs(options.folder, image.name, options);
    jobs.push({ image, files, isThere: options.skipExisting && (await areDone(image.path, Object.values(files))) });
  }
  return jobs;
}

/** Whether all of `files` are there, none older than the image. */
async function areDone(path: string, files: readonly string[]): Promise<boolean> {
  const [image, ...outputs] = await Promise.all([path, ...files].map((file) => stat(file).catch(() => undefined)));
  return image !== undefined && outputs.every((output) => output?.isFile() && output.mtimeMs >= image.mtimeMs);
}

interface PredictedJob {
  readonly job: Job;
  readonly predicted: PredictedImage;
  readonly started: number;
}

/** Where a job stands among all. */
interface JobPosition {
  readonly index: number;
  readonly count: number;
  readonly estimate: Estimate;
  readonly prepare: () => Promise<unknown>;
}

async function predictJob(
  job: Job,
  { index, count, estimate, prepare }: JobPosition,
  { segmenter, kinds, reporter }: SegmentImagesOptions,
): Promise<PredictedJob> {
  const started = performance.now();
  const { path, name } = job.image;
  let progress: Progress | undefined;
  const source = await openImage(path, segmenter);
  try {
    await prepare();
  } catch (error) {
    await source.close();
    throw error;
  }
  const label = count === 1 ? name : `${name} (${index + 1}/${count})`;
  try {
    const predicted = await predictImage(source, segmenter, {
      keepRaw: kinds.includes('raw'),
      onWindows: (done, total) => {
        progress ??= reporter.startProgress({ label, total, unit: 'windows' });
        progress.update(done, estimate(index + done / total));
      },
    });
    return { job, predicted, started };
  } finally {
    progress?.finish();
  }
}

/** Runs while the network predicts the next image. */
async function finishJob(
  { job: { image, files }, predicted, started }: PredictedJob,
  { description, segmenter }: SegmentImagesOptions,
): Promise<ImageReport> {
  const { width, height } = predicted.source;
  const { nuclei, warnings, ...written } = await finishImage(predicted, description, files, segmenter.windows.signal);
  const seconds = (performance.now() - started) / 1000;
  return { ...image, width, height, nuclei, seconds, ...written, ...(warnings.length > 0 && { warnings }) };
}

/** What progress shows of all images when `done` of them, the share of the present one included, are done. */
type Estimate = (done: number) => Readonly<Record<string, string>>;

function createEstimate(count: number): Estimate {
  const started = performance.now();
  return (done): Readonly<Record<string, string>> => {
    if (count === 1 || done <= 0) return {};
    const left = ((performance.now() - started) * (count - done)) / done;
    return { 'all images': `${formatSeconds(left)} left` };
  };
}

/** @throws `error` where it is no fault of the image. */
function describeFailure(path: string, error: unknown): FailedImage {
  const isMemory = error instanceof RangeError && /allocation|array length/i.test(error.message);
  if (isMemory) {
    const remedy = 'give a smaller infer#block_size, or leave out raw';
    return { sentence: `${path}: there is not enough memory for it; ${remedy}`, error };
  }
  if (!isInputFailure(error)) throw error;
  return { sentence: error.message.startsWith(path) ? error.message : `${path}: ${error.message}`, error };
}

/** An error for the command's last line; what happened to each of several images is told before. */
function allFailed(failures: readonly FailedImage[], reporter: Reporter): HovernetError {
  const [{ sentence, error }] = failures as [FailedImage];
  const code = error instanceof HovernetError ? error.code : 'INVALID_FILE';
  if (failures.length === 1) return new HovernetError(code, sentence, { cause: error });
  for (const failure of failures) reporter.message(failure.sentence);
  return new HovernetError(code, `none of ${failures.length} images could be segmented`);
}

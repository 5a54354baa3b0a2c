// A list of images through the segmenter and into files; one that fails does not stop the others.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HovernetError, type NucleiSink, type Progress, type Reporter } from '@hovernet/core';
import { findFormats, listResultFiles, openFileSink, type ResultFiles, type ResultFormat } from '@hovernet/export/node';
import type { Segmenter, SegmentProgress } from '@hovernet/inference';
import { createFolderJournal, overlapImages } from '@hovernet/inference/internal';
import type { HovernetConfiguration } from '../config/configuration.js';
import { formatSeconds } from '../report/line-progress.js';
import type { UsedNetwork } from '../network/used-network.js';
import type { NamedImage } from './name-images.js';
import { hashFile, readProvenance } from './result-record.js';
import { createRate, describeBeyond, describeResume } from './slide-progress.js';

/** What became of an image. */
export interface ImageReport {
  readonly name: string;
  readonly path: string;
  readonly files: ResultFiles;
  /** Left alone, because its files are there already. */
  readonly skipped?: true;
  readonly width?: number;
  readonly height?: number;
  readonly nuclei?: number;
  readonly seconds?: number;
  /** What the optical densities of the image were multiplied by for the network (red, green, blue). */
  readonly stainGains?: readonly number[];
  /** A sentence for each file whose format cannot hold the result, and for what is unlike the images that the weights know. */
  readonly warnings?: readonly string[];
}

export interface SegmentImagesOptions {
  readonly segmenter: Pick<Segmenter<string>, 'segmentSlide'>;
  readonly folder: string;
  readonly formats: readonly ResultFormat[];
  /** Whether the network has types. */
  readonly isTyped: boolean;
  /** Images whose results are there, of the same file and `settings`, are passed over. */
  readonly skipExisting: boolean;
  /** Hash of what decides the results: see hashSettings. */
  readonly settings: string;
  /** The network, for the record. */
  readonly used: UsedNetwork;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Called once, when the first image could be opened. */
  readonly beforeFirst?: () => Promise<unknown>;
}

export interface SegmentedImages {
  readonly reports: readonly ImageReport[];
  /** One sentence for each image that failed, beginning with its path. */
  readonly failures: readonly string[];
}

/** The formats that a configuration asks for; `skip_existing` needs the record in `NAME.json`. */
export function listFormats({ inference }: Pick<HovernetConfiguration, 'inference'>): ResultFormat[] {
  const { outputs, skipExisting } = inference;
  return findFormats(skipExisting ? [...outputs, 'json'] : outputs);
}

/**
 * Segments `images` in their order. An image that fails is reported at the end, the others are done.
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
  // What is no fault of an image stops the one beside it too.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const estimate = createEstimate(todo.length);
  let prepared: Promise<unknown> | undefined;
  const prepare = async () => void (await (prepared ??= Promise.resolve(options.beforeFirst?.())));
  const outcomes = overlapImages(todo.entries(), ([index, job]) =>
    segmentJob(job, { ...options, signal, index, count: todo.length, estimate, prepare }),
  );
  let index = 0;
  for await (const outcome of outcomes) {
    const { path } = todo[index++]!.image;
    if (outcome.status === 'fulfilled') reports.push(outcome.value);
    else if (isFailureOfImage(outcome.reason)) failures.push(describeFailure(path, outcome.reason));
    else {
      stop.abort(outcome.reason);
      throw outcome.reason;
    }
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
  readonly files: ResultFiles;
  readonly isThere: boolean;
}

async function planJobs(images: readonly NamedImage[], options: SegmentImagesOptions): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const image of images) {
    const files = listResultFiles(join(options.folder, image.name), options);
    jobs.push({ image, files, isThere: options.skipExisting && (await isDone(image.path, files, options.settings)) });
  }
  return jobs;
}

/** Whether all of `files` are there, and their record names the bytes of the image at `path` and `settings`. */
async function isDone(path: string, files: ResultFiles, settings: string): Promise<boolean> {
  const outputs = await Promise.all(Object.values(files).map((file) => stat(file).catch(() => undefined)));
  if (!outputs.every((output) => output?.isFile())) return false;
  const { settings_hash: known, source } = (await readProvenance(files['nuclei']!)) ?? {};
  return known === settings && source != null && source.sha256 === (await hashFile(path));
}

/** Where a job stands among all. */
interface JobPosition extends SegmentImagesOptions {
  readonly index: number;
  readonly count: number;
  readonly estimate: Estimate;
  readonly prepare: () => Promise<void>;
}

async function segmentJob(
  { image }: Job,
  { segmenter, folder, formats, used, settings, reporter, signal, index, count, estimate, prepare }: JobPosition,
): Promise<ImageReport> {
  const started = performance.now();
  const { path, name } = image;
  const label = count === 1 ? name : `${name} (${index + 1}/${count})`;
  const files = openFileSink(join(folder, name), formats);
  const { weights, ...network } = used;
  const sink: NucleiSink = {
    ...files,
    begin: prepare,
    finish: async (result, { grid, options }) => {
      const sha256 = await hashFile(path);
      await files.finish(result, {
        weights: { name: weights.path, sha256: weights.sha256 },
        ...(sha256 !== undefined && { source: { name: path, sha256 } }),
        settings,
        grid,
        options: { network, ...options },
      });
    },
  };
  const journal = createFolderJournal(join(folder, `${name}.journal`), {
    image: path,
    onResume: (found) => reporter.message(`${path}: ${describeResume(found)}`),
  });
  let progress: Progress | undefined;
  const describe = createRate();
  const onProgress = (state: SegmentProgress) => {
    const { done, total } = state;
    progress ??= reporter.startProgress({ label, total, unit: 'windows' });
    progress.update(done, { ...describe(state), ...estimate(index + (total === 0 ? 1 : done / total)) });
    if (done < total) return;
    progress.finish();
    progress = undefined;
  };
  try {
    const slide = await segmenter.segmentSlide(path, { sinks: [sink], grid: 'auto', journal, signal, onProgress });
    const seconds = (performance.now() - started) / 1000;
    const { width, height, count: nuclei, beyondHalo, stains } = slide;
    const stainGains = stains?.gains.some((gain) => gain !== 1) ? stains.gains : undefined;
    const warnings = [
      ...files.warnings,
      ...slide.warnings.map((sentence) => `${path}: ${sentence}`),
      ...describeBeyond(path, beyondHalo),
    ];
    return {
      ...image,
      width,
      height,
      nuclei,
      seconds,
      files: files.files,
      ...(stainGains && { stainGains }),
      ...(warnings.length > 0 && { warnings }),
    };
  } catch (error) {
    progress?.finish();
    throw error;
  }
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

function isFailureOfImage(error: unknown): error is Error {
  return (error instanceof HovernetError && error.code !== 'INTERRUPTED') || isOutOfMemory(error);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation|array length/i.test(error.message);
}

function describeFailure(path: string, error: Error): FailedImage {
  if (isOutOfMemory(error)) {
    const remedy = 'give a smaller infer#block_size, or leave out raw';
    return { sentence: `${path}: there is not enough memory for it; ${remedy}`, error };
  }
  return { sentence: error.message.startsWith(path) ? error.message : `${path}: ${error.message}`, error };
}

/** An error for the command's last line; what happened to each of several images is printed before. */
function allFailed(failures: readonly FailedImage[], reporter: Reporter): HovernetError {
  const [{ sentence, error }] = failures as [FailedImage];
  const code = error instanceof HovernetError ? error.code : 'INVALID_FILE';
  if (failures.length === 1) return new HovernetError(code, sentence, { cause: error });
  for (const failure of failures) reporter.message(failure.sentence);
  return new HovernetError(code, `none of ${failures.length} images could be segmented`);
}

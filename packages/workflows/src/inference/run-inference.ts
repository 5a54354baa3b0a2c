// The inference workflow: images in, maps, nuclei and overlays out.
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { FileError, HovernetError, type RawMaps, type RgbImage } from '@hovernet/core';
import { readPng } from '@hovernet/data';
import { createPostprocessPool, type PostprocessPool } from '@hovernet/postprocess/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { openEngine } from '../network/open-engine.js';
import { overlapStages } from '../postprocess/overlap-stages.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { listImages } from './list-images.js';
import { openNetwork, type OpenedNetwork } from './open-network.js';
import { createTilePredictor, type TilePredictor } from './tile-predictor.js';
import { writeResults, type WrittenFiles } from './write-results.js';

interface ImageReport {
  readonly name: string;
  readonly nuclei: number;
  readonly seconds: number;
  readonly files: WrittenFiles;
}

/** Segments every image of `dataset_dir` and writes to `output_dir`; an image that cannot be read is reported, the rest goes on. */
export async function runInference(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const paths = await listImages(config.datasetDir);
  await assertFolder(config.outputDir);
  const network = await openNetwork(config, context.reporter);
  const predictor = createTilePredictor(await openEngine(config.engine, network.config), network, {
    windowPx: network.windowPx,
    batchSize: config.windowBatchSize,
  });
  const pool = createPostprocessPool();
  const reports: ImageReport[] = [];
  const failures: string[] = [];
  try {
    const work = { config, context, network, predictor, pool };
    const outcomes = overlapStages(paths, {
      first: (path) => predictImage(path, work),
      second: (image) => finishImage(image, work),
    });
    for await (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') {
        reports.push(outcome.value);
        continue;
      }
      const error: unknown = outcome.reason;
      if (!(error instanceof HovernetError) || error.code === 'INTERRUPTED') throw error;
      if (failures.length + 1 === paths.length) throw error;
      failures.push(error.message);
    }
  } finally {
    await predictor.dispose();
    await pool.dispose();
  }
  return {
    document: { images: reports, failures },
    summary: reports
      .map(({ name, nuclei, seconds, files }) => `${name}: ${nuclei} nuclei, ${seconds.toFixed(1)} s, ${files.overlay}`)
      .join('\n'),
    failures,
  };
}

/** Fails before any work is done; the folder itself is made with the first file. */
async function assertFolder(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry && !entry.isDirectory()) throw new FileError(path, 'is no folder; give another output_dir');
}

interface InferenceWork {
  readonly config: HovernetConfiguration;
  readonly context: WorkflowContext;
  readonly network: OpenedNetwork;
  readonly predictor: TilePredictor;
  readonly pool: PostprocessPool;
}

interface PredictedImage {
  readonly name: string;
  readonly image: RgbImage;
  readonly rawMaps: RawMaps;
  readonly started: number;
}

async function predictImage(path: string, { context, predictor }: InferenceWork): Promise<PredictedImage> {
  const started = performance.now();
  const name = basename(path, extname(path));
  const image = await readPng(path);
  let progress: ReturnType<typeof context.reporter.startProgress> | undefined;
  const rawMaps = await predictor
    .predict(image, {
      signal: context.signal,
      onWindows: (done, total) => {
        progress ??= context.reporter.startProgress({ label: name, total, unit: 'windows' });
        progress.update(done);
      },
    })
    .finally(() => progress?.finish());
  return { name, image, rawMaps, started };
}

/** Runs while the network predicts the next image. */
async function finishImage(
  { name, image, rawMaps, started }: PredictedImage,
  { config, network, pool }: InferenceWork,
): Promise<ImageReport> {
  const writeRaw = config.inference.outputs.includes('raw');
  const segmentation = await pool.segment(rawMaps, { ...config.postprocess, moveMaps: !writeRaw });
  const files = await writeResults(config.outputDir, {
    name,
    image,
    segmentation,
    classes: network.classes,
    mpp: network.taxonomy.mpp,
    rawMaps: writeRaw ? rawMaps : undefined,
  });
  return { name, nuclei: segmentation.nuclei.length, seconds: (performance.now() - started) / 1000, files };
}

// The inference workflow: images in, maps, nuclei and overlays out.
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { FileError, HovernetError } from '@hovernet/core';
import { readPng } from '@hovernet/data';
import { segmentNuclei } from '@hovernet/postprocess';
import type { HovernetConfiguration } from '../config/configuration.js';
import { openEngine } from '../network/open-engine.js';
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
  const reports: ImageReport[] = [];
  const failures: string[] = [];
  try {
    for (const path of paths) {
      try {
        reports.push(await inferImage(path, { config, context, network, predictor }));
      } catch (error) {
        if (!(error instanceof HovernetError) || error.code === 'INTERRUPTED') throw error;
        if (failures.length + 1 === paths.length) throw error;
        failures.push(error.message);
      }
    }
  } finally {
    await predictor.dispose();
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
}

async function inferImage(path: string, { config, context, network, predictor }: InferenceWork): Promise<ImageReport> {
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
  const segmentation = segmentNuclei(rawMaps, config.postprocess);
  const files = await writeResults(config.outputDir, {
    name,
    image,
    segmentation,
    classes: network.classes,
    mpp: network.taxonomy.mpp,
    rawMaps: config.inference.writeRaw ? rawMaps : undefined,
  });
  return { name, nuclei: segmentation.nuclei.length, seconds: (performance.now() - started) / 1000, files };
}

// The inference workflow: images in, maps, nuclei and overlays out.
import { stat } from 'node:fs/promises';
import { FileError } from '@hovernet/core';
import { createPostprocessPool, type PostprocessPool } from '@hovernet/postprocess/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { saveConfiguration } from '../config/save-configuration.js';
import { openEngine } from '../network/open-engine.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { listImages } from './list-images.js';
import { openNetwork } from './open-network.js';
import { leaveOutOutputs, nameImages, type NamedImage } from './output/name-outputs.js';
import { createSegmenter } from './segment-image.js';
import { segmentImages, type ImageReport } from './segment-images.js';
import { createWindowRunner } from './windows/window-runner.js';

/**
 * Segments the images of `infer#inputs` or `dataset_dir` and writes to `output_dir`. An image that cannot be read is reported, the
 * rest goes on.
 * @throws HovernetError where no image could be segmented, or on interruption.
 */
export async function runInference(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { inference, outputDir } = config;
  const { reporter } = context;
  const found = nameImages(await listImages(inference.inputs ?? config.datasetDir));
  await assertFolder(outputDir);
  const { images, leftOut } = leaveOutOutputs(found, outputDir);
  for (const path of leftOut) reporter.message(`${path}: left out, inference writes this file for another image`);
  // Its thread starts while the network is read and compiled.
  const pool = createPostprocessPool({ startNow: true });
  try {
    return await segmentAll(config, { images, pool }, context);
  } finally {
    await pool.dispose();
  }
}

async function segmentAll(
  config: HovernetConfiguration,
  { images, pool }: { readonly images: readonly NamedImage[]; readonly pool: PostprocessPool },
  { reporter, signal }: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { inference, outputDir } = config;
  const network = await openNetwork(config, reporter);
  const engine = await openEngine(config.engine, network.config, { reporter });
  const runner = createWindowRunner(engine, network, network.windowPx);
  try {
    const { reports, failures } = await segmentImages(images, {
      segmenter: createSegmenter(config, { runner, pool, padding: network.padding, signal }),
      folder: outputDir,
      kinds: inference.outputs,
      skipExisting: inference.skipExisting,
      description: { classes: network.classes, mpp: network.taxonomy.mpp },
      typed: network.config.outClasses > 0,
      reporter,
      beforeFirst: () => saveConfiguration(config, outputDir, 'infer'),
    });
    return { document: { images: reports, failures }, summary: summarize(reports, failures.length), failures };
  } finally {
    await runner.dispose();
  }
}

/** Fails before any work is done; the folder itself is made with the first file. */
async function assertFolder(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry && !entry.isDirectory()) throw new FileError(path, 'is no folder; give another output_dir');
}

function summarize(reports: readonly ImageReport[], failed: number): string {
  const lines = reports.map(({ name, nuclei, seconds, files, skipped }) => {
    if (skipped) return `${name}: skipped, its files are there`;
    const file = files.overlay ?? Object.values(files)[0] ?? 'no file';
    return `${name}: ${nuclei} nuclei, ${seconds!.toFixed(1)} s, ${file}`;
  });
  const warnings = reports.flatMap((report) => report.warnings ?? []);
  if (failed > 0) lines.push(`${reports.length} images done, ${failed} failed`);
  return [...lines, ...warnings].join('\n');
}

// The inference workflow: images in, maps, nuclei and overlays out.
import { stat } from 'node:fs/promises';
import { FileError } from '@hovernet/core';
import { listImages } from '@hovernet/data';
import { holdFolder } from '@hovernet/files/internal/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { hashSettings, saveConfiguration } from '../config/save-configuration.js';
import { recordUse } from '../network/used-network.js';
import { escapeControls } from '../report/escape-controls.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { estimateImages } from './dry-run.js';
import { leaveOutOutputs, nameImages } from './name-images.js';
import { openConfiguredSegmenter, type ConfiguredSegmenter } from './open-segmenter.js';
import { listFormats, segmentImages, type ImageReport } from './segment-images.js';

/**
 * Segments the images of `infer#inputs` or `dataset_dir` and writes to `output_dir`. An image that cannot be read is reported, the
 * others are done. With `dry_run` nothing is written.
 * Without weights of its own it reads the shipped ones where `mayTakeShipped`.
 * @throws HovernetError where no image could be segmented, or on interruption.
 */
export async function runInference(
  config: HovernetConfiguration,
  context: WorkflowContext,
  options: { readonly mayTakeShipped?: boolean } = {},
): Promise<WorkflowOutcome> {
  const { inference, outputDir } = config;
  const { reporter, signal } = context;
  const found = nameImages(await listImages(inference.inputs ?? config.datasetDir));
  await assertFolder(outputDir);
  const { images, leftOut } = leaveOutOutputs(found, outputDir);
  for (const path of leftOut) reporter.message(`${path}: skipped, inference writes this file for another image`);
  const release = inference.dryRun ? () => Promise.resolve() : await holdFolder(outputDir);
  let segmenter: ConfiguredSegmenter['segmenter'] | undefined;
  try {
    const opened = await openConfiguredSegmenter(config, context, options);
    const { network, used } = opened;
    segmenter = opened.segmenter;
    if (inference.dryRun) return await estimateImages(images, { segmenter, signal });
    const recorded = recordUse(config, used);
    const { reports, failures } = await segmentImages(images, {
      segmenter,
      folder: outputDir,
      formats: listFormats(config),
      isTyped: network.config.outClasses > 0,
      skipExisting: inference.skipExisting,
      reporter,
      signal,
      used,
      settings: hashSettings(recorded),
      beforeFirst: () => saveConfiguration(recorded, outputDir, 'infer'),
    });
    return { document: { images: reports, failures }, summary: summarize(reports, failures.length), failures };
  } finally {
    await segmenter?.close();
    await release();
  }
}

/** Fails before any work is done; the folder itself is made with the first file. */
async function assertFolder(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry && !entry.isDirectory()) throw new FileError(path, 'is no folder; give another output_dir');
}

function summarize(reports: readonly ImageReport[], failed: number): string {
  const lines = reports.map(({ name, nuclei, seconds, files, skipped, stainGains }) => {
    if (skipped) return escapeControls(`${name}: skipped, its files are there`);
    const file = files['overlay'] ?? Object.values(files)[0] ?? 'no file';
    const stains = stainGains ? `, stains × ${stainGains.map((gain) => gain.toFixed(2)).join(' ')}` : '';
    return escapeControls(`${name}: ${nuclei} nuclei, ${seconds!.toFixed(1)} s${stains}, ${file}`);
  });
  const warnings = reports.flatMap((report) => report.warnings ?? []);
  if (failed > 0) lines.push(`${reports.length} images done, ${failed} failed`);
  return [...lines, ...warnings].join('\n');
}

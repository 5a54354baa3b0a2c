// The prepare workflow: labelled tiles to training patches.
import type { Progress } from '@hovernet/core';
import { join } from 'node:path';
import { holdFolder } from '@hovernet/files/internal/node';
import { loadTaxonomy, preparePatches } from '@hovernet/data';
import type { HovernetConfiguration } from '../config/configuration.js';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';

/** Writes the patches that `config.prepare` describes; the document says how many. Throws as `preparePatches`. */
export async function runPreparation(
  config: HovernetConfiguration,
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { prepare } = config;
  const options = {
    root: prepare.root,
    layout: prepare.layout,
    ...(prepare.outputDir === null ? {} : { out: prepare.outputDir }),
    ...(prepare.phases === null ? {} : { phases: prepare.phases }),
    validationFraction: prepare.validationFraction,
    type: prepare.extraction,
    imageSuffix: prepare.imageExtension,
    labelSuffix: prepare.labelExtension,
    patchSize: prepare.patchSizePx,
    step: prepare.stepPx,
    format: prepare.format,
    jobs: prepare.jobs,
    taxonomy: await loadTaxonomy(config.taxonomy),
  };
  let progress: Progress | undefined;
  const release = await holdFolder(prepare.outputDir ?? join(prepare.root, 'Prepared'));
  try {
    const { phases, seconds } = await preparePatches(options, {
      signal: context.signal,
      onProgress: ({ phase, tile, done, total }) => {
        progress ??= context.reporter.startProgress({ label: 'prepare', total, unit: 'tiles' });
        progress.update(done, { phase, tile });
      },
    });
    const rows = Object.entries(phases).map(([phase, { tiles, patches }]) => [phase, tiles, patches]);
    return { document: { phases, seconds }, summary: formatTable(['phase', 'tiles', 'patches'], rows) };
  } finally {
    progress?.finish();
    await release();
  }
}

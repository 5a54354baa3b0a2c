// The prepare workflow: labelled tiles to training patches.
import { createRgbImage, toContiguous, type Progress } from '@hovernet/core';
import { join } from 'node:path';
import { holdFolder } from '@hovernet/files/internal/node';
import { encodePng, writeFileAtomic } from '@hovernet/files/node';
import { describeAudit, loadTaxonomy, preparePatches } from '@hovernet/data';
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
    strict: prepare.strict,
    taxonomy: await loadTaxonomy(config.taxonomy),
  };
  let progress: Progress | undefined;
  const out = prepare.outputDir ?? join(prepare.root, 'Prepared');
  const release = await holdFolder(out);
  try {
    const { phases, seconds, labels, worst } = await preparePatches(options, {
      signal: context.signal,
      onProgress: ({ phase, tile, done, total }) => {
        progress ??= context.reporter.startProgress({ label: 'prepare', total, unit: 'tiles' });
        progress.update(done, { phase, tile });
      },
    });
    const rows = Object.entries(phases).map(([phase, { tiles, patches }]) => [phase, tiles, patches]);
    if (worst !== null) await reportLabels({ labels, worst }, out, context);
    return {
      document: { phases, seconds, labels: toRecord(labels) },
      summary: formatTable(['phase', 'tiles', 'patches'], rows),
    };
  } finally {
    progress?.finish();
    await release();
  }
}

type Prepared = Awaited<ReturnType<typeof preparePatches>>;

/** Says what in the labels cannot be right, and shows the worst tile: contours of its ids, pixels with a type and no nucleus in red. */
async function reportLabels(
  { labels, worst }: { readonly labels: Prepared['labels']; readonly worst: NonNullable<Prepared['worst']> },
  out: string,
  { reporter }: Pick<WorkflowContext, 'reporter'>,
): Promise<void> {
  const path = join(out, 'labels_worst.png');
  const { image, instanceMap, typeMap } = worst.tile;
  const [height, width] = instanceMap.shape as [number, number];
  const [pixels, ids, types] = [Uint8Array.from(toContiguous(image)), toContiguous(instanceMap), toContiguous(typeMap)];
  for (let i = 0; i < ids.length; i++) {
    const isEdge = ids[i] !== 0 && (ids[i] !== ids[i + 1] || ids[i] !== ids[i + width]);
    if (isEdge) pixels.set(types[i] === 0 ? [0, 0, 255] : [0, 255, 0], 3 * i);
    else if (ids[i] === 0 && types[i] !== 0) pixels.set([255, 0, 0], 3 * i);
  }
  await writeFileAtomic(path, encodePng(createRgbImage(height, width, pixels)));
  reporter.message(`labels that cannot be right: ${describeAudit(labels).join(', ')}; --strict refuses them`);
  reporter.message(`the worst is ${worst.labelSource} (${describeAudit(worst.audit).join(', ')}): see ${path}`);
}

function toRecord({ nuclei, masks, scattered, untyped, typesOnBackgroundPx }: Prepared['labels']) {
  return { nuclei, masks, scattered, untyped, types_on_background_px: typesOnBackgroundPx };
}

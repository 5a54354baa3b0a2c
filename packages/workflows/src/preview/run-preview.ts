// The preview workflow: a sheet of patches as training sees them, for a person to look at.
import { cropCenter, warpSample } from '@hovernet/transforms/internal';
import { ArgumentError, ConfigError, createRandom, type LabelledImage } from '@hovernet/core';
import { writePng } from '@hovernet/files/node';
import { loadTaxonomy, openPatches } from '@hovernet/data';
import {
  composeSheet,
  createPalette,
  drawHover,
  drawImage,
  drawTypes,
  layOutSheet,
  toRgbImage,
  type Palette,
  type SheetRow,
} from '@hovernet/export/internal';
import {
  applyTrainTransform,
  drawTrainParameters,
  noAugmentation,
  prepareSample,
  type TrainParameters,
} from '@hovernet/transforms';
import type { HovernetConfiguration } from '../config/configuration.js';
import { findOutputSize } from '../network/check-network.js';
import { formatTable } from '../report/format-table.js';
import { selectAugmentation } from '../training/select-augmentation.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { describeParameters, type DescribedParameters } from './describe-parameters.js';

export interface PreviewOptions {
  /** PNG file to write. */
  readonly out: string;
  /** Prepared phase whose patches are shown. */
  readonly phase: string;
  /** Patches to show, as far as there are that many. */
  readonly count: number;
  /** Pixels of the sheet along the side of one of a patch. */
  readonly scale: number;
}

/** What the pictures of a group show, from left to right; the first group is as the patch is, the second augmented. */
const columns = ['image', 'horizontal', 'vertical', 'types'] as const;

/** Most bytes of a sheet. */
const maxSheetBytes = 2 ** 28;

interface PreviewRow extends DescribedParameters {
  readonly name: string;
  readonly index: number;
}

/**
 * Writes a sheet with a row for each of `count` patches, chosen by `config.seed`: as they are on the left, on the right as
 * the first epoch of a training with this configuration and seed gets them.
 *
 * @throws FileError if there are no prepared patches, ConfigError if they are smaller than the network's window,
 * ArgumentError for an `out` that is no PNG or a sheet that would be too large.
 */
export async function runPreview(
  config: HovernetConfiguration,
  options: PreviewOptions,
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { out, phase, scale } = options;
  if (!out.toLowerCase().endsWith('.png')) throw new ArgumentError(`preview: expected --out FILE.png, got ${out}`);
  const patches = await openPatches(config.datasetDir, phase);
  const count = Math.min(options.count, patches.length);
  assertSheetSize(config, count, scale);
  const palette = createPalette((await loadTaxonomy(config.taxonomy)).classes);
  const augment = selectAugmentation(config.training.augmentation);
  const random = createRandom(config.seed);
  const still = drawTrainParameters(random.fork(0), noAugmentation);
  const order = random.fork(0).permutation(patches.length).subarray(0, count);
  const progress = context.reporter.startProgress({ label: 'preview', total: count, unit: 'patches' });
  const rows: PreviewRow[] = [];
  const pictures: SheetRow[] = [];
  try {
    for (const index of order) {
      context.signal.throwIfAborted();
      const sample = prepareSample(await patches.load(index));
      assertHoldsWindow(config, phase, sample);
      const parameters = drawTrainParameters(random.fork(0, index), augment);
      const look = { config, scale, palette };
      pictures.push([drawGroup(sample, still, look), drawGroup(sample, parameters, look)]);
      rows.push({ name: patches.name(index), index, ...describeParameters(parameters) });
      progress.update(rows.length, { patch: patches.name(index) });
    }
  } finally {
    progress.finish();
  }
  const sheet = composeSheet(pictures);
  await writePng(out, sheet);
  const [height, width] = sheet.shape as [number, number];
  const table = rows.map(({ name, steps }) => [name, steps]);
  return {
    document: { out, width, height, phase, columns, patches: rows },
    summary: `${formatTable(['patch', 'augmented by'], table)}\n${out}: ${width}×${height} px, ${columns.join(', ')}; plain, then augmented`,
  };
}

/** The pictures of one patch under `parameters`. */
function drawGroup(
  sample: LabelledImage,
  parameters: TrainParameters,
  look: { readonly config: HovernetConfiguration; readonly scale: number; readonly palette: Palette },
): SheetRow[number] {
  const { config, scale, palette } = look;
  const windowSize = config.patchSizePx;
  const outputSize = config.outputSizePx ?? findOutputSize(config);
  const { image, hover, foreground } = applyTrainTransform(sample, parameters, { windowSize, outputSize });
  const warped = warpSample(sample, parameters);
  const crop = (size: number) => ({
    instanceMap: cropCenter(warped.instanceMap, size),
    typeMap: cropCenter(warped.typeMap, size),
  });
  return [
    drawImage(toRgbImage(image), crop(windowSize), { scale, outputSize, palette }),
    drawHover(hover, 0, { foreground, scale }),
    drawHover(hover, 1, { foreground, scale }),
    drawTypes(crop(outputSize), scale, palette),
  ];
}

function assertHoldsWindow(config: HovernetConfiguration, phase: string, { image }: LabelledImage): void {
  const [height, width] = image.shape as [number, number];
  if (Math.min(height, width) >= config.patchSizePx) return;
  throw new ConfigError(
    'patch_size',
    `expected patches of at least ${config.patchSizePx} px in ${config.datasetDir}/${phase}, got ${height}×${width}; prepare larger patches`,
  );
}

/** Checked before anything is drawn. */
function assertSheetSize(config: HovernetConfiguration, count: number, scale: number): void {
  const square = (side: number) => [side * scale, side * scale] as const;
  const group = [config.patchSizePx, ...[1, 2, 3].map(() => config.outputSizePx ?? findOutputSize(config))].map(square);
  const { widthPx, heightPx } = layOutSheet(Array.from({ length: count }, () => [group, group]));
  if (3 * widthPx * heightPx > maxSheetBytes) {
    throw new ArgumentError(
      `preview: expected a sheet of at most ${maxSheetBytes / 3e6} million pixels, got ${widthPx}×${heightPx}; choose fewer patches or a smaller scale`,
    );
  }
}

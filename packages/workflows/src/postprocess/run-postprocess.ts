// The postprocess workflow: raw maps to nuclei.
import {
  ArgumentError,
  ShapeError,
  type NucleusClass,
  type RawMaps,
  type Reference,
  type Segmentation,
} from '@hovernet/core';
import { writeFileAtomic, writeNpy } from '@hovernet/files/node';
import { loadTaxonomy } from '@hovernet/data';
import { formatNuclei } from '@hovernet/export';
import { nameTypes } from '@hovernet/export/internal';
import { segmentNuclei, type SegmentNucleiOptions } from '@hovernet/postprocess';
import { basename, join } from 'node:path';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { smoothingOf } from './distance-smoothing.js';
import { readRawMaps } from './read-raw-maps.js';

export interface PostprocessOptions {
  /** .npz file with np, hv and nc. */
  readonly rawPath: string;
  readonly outputDir: string;
  readonly reference: Reference;
  /** Whether slopes are scaled by the range of the image, or alike in all images. @default 'tile' */
  readonly normalization?: 'tile' | 'fixed' | undefined;
  /** σ in pixels of the sampled Gaussian that smooths the distance map. @default the smoothing of the reference */
  readonly distanceSigmaPx?: number | undefined;
  /** Names and colours of the classes; undefined numbers them. */
  readonly taxonomy?: string | undefined;
  /** Micrometres per pixel of the image; undefined where unknown. */
  readonly mpp?: number | undefined;
}

/** Writes `NAME_instance_map.npy`, `NAME_type_map.npy` (with a type branch) and `NAME.json`; NAME is that of the file. */
export async function runPostprocess(options: PostprocessOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { rawPath, outputDir, reference, normalization = 'tile', distanceSigmaPx, mpp = null } = options;
  const maps = await readRawMaps(rawPath);
  const [, height, width] = maps.np.shape as [number, number, number];
  const classes = await describeClasses(maps.nc ? maps.nc.shape[0]! - 1 : 0, options);
  context.signal.throwIfAborted();
  const segmentation = segmentMaps(
    maps,
    { reference, normalization, distanceSmoothing: smoothingOf(distanceSigmaPx) },
    rawPath,
  );
  const name = basename(rawPath)
    .replace(/\.npz$/i, '')
    .replace(/_raw$/, '');
  const files = [`${name}_instance_map.npy`, `${name}.json`].map((file) => join(outputDir, file));
  const shape = [height, width];
  await writeNpy(files[0]!, { dtype: 'int32', shape, data: toInt32(segmentation.instanceMap.data) });
  if (segmentation.typeMap) {
    files.splice(1, 0, join(outputDir, `${name}_type_map.npy`));
    await writeNpy(files[1]!, { dtype: 'int32', shape, data: toInt32(segmentation.typeMap.data) });
  }
  const document = formatNuclei(segmentation, { width, height, mpp, classes });
  await writeFileAtomic(files.at(-1)!, `${JSON.stringify(document)}\n`);
  return {
    document: { name, nuclei: segmentation.nuclei.length, files },
    summary: [`${segmentation.nuclei.length} nuclei`, ...files].join('\n'),
  };
}

/** Names the file in errors about the shapes of its arrays. */
function segmentMaps(maps: RawMaps, options: SegmentNucleiOptions, path: string): Segmentation {
  try {
    return segmentNuclei(maps, options);
  } catch (cause) {
    if (!(cause instanceof ShapeError || cause instanceof ArgumentError)) throw cause;
    throw new ArgumentError(`${path}: ${cause.message}`, { cause });
  }
}

async function describeClasses(
  count: number,
  { taxonomy: name, rawPath }: PostprocessOptions,
): Promise<readonly NucleusClass[]> {
  if (name === undefined) return nameTypes(count);
  const { classes } = await loadTaxonomy(name);
  if (count !== 0 && classes.length !== count)
    throw new ArgumentError(
      `${rawPath}: nc has ${count} classes and background, taxonomy ${name} has ${classes.length}`,
    );
  return classes;
}

function toInt32(data: Int32Array | Uint8Array): Int32Array {
  return data instanceof Int32Array ? data : Int32Array.from(data);
}

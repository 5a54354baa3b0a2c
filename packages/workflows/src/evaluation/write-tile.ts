// The files of one evaluated tile.
import { join } from 'node:path';
import { encodePng, writeFileAtomic } from '@hovernet/files/node';
import { encodeNifti } from '@hovernet/export';
import type { EvaluationOutput } from '../config/configuration.js';
import { drawComparison } from './draw-comparison.js';
import type { SegmentedTile } from '@hovernet/training/evaluation';

/**
 * Writes `NAME_comparison.png` (overlay), and `NAME_instance_map.nii.gz` and `NAME_type_map.nii.gz` (nifti) to `folder`;
 * `mpp` is the size of a pixel in micrometres, null where unknown.
 */
export async function writeTile(
  folder: string,
  tile: SegmentedTile,
  { outputs, mpp }: { readonly outputs: readonly EvaluationOutput[]; readonly mpp: number | null },
): Promise<void> {
  const { name, segmentation } = tile;
  const write = (ending: string, bytes: Uint8Array) => writeFileAtomic(join(folder, `${name}_${ending}`), bytes);
  if (outputs.includes('nifti')) {
    await write('instance_map.nii.gz', encodeNifti(segmentation.instanceMap, { mpp }));
    if (segmentation.typeMap) await write('type_map.nii.gz', encodeNifti(segmentation.typeMap, { mpp }));
  }
  if (outputs.includes('overlay')) await write('comparison.png', encodePng(drawComparison(tile)));
}

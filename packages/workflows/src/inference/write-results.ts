// The files of one segmented image.
import { join } from 'node:path';
import type { NucleusClass, RawMaps, RgbImage, Segmentation } from '@hovernet/core';
import { encodeNpz, encodePng, writeFileAtomic } from '@hovernet/data';
import { encodeNifti, formatNuclei, renderOverlay } from '@hovernet/export';

export interface ImageResults {
  readonly name: string;
  readonly image: RgbImage;
  readonly segmentation: Segmentation;
  readonly classes: readonly NucleusClass[];
  readonly mpp: number;
  /** Written as well where given. */
  readonly rawMaps?: RawMaps | undefined;
}

/** Paths of the written files. */
export interface WrittenFiles {
  readonly instance_map: string;
  readonly type_map?: string;
  readonly nuclei: string;
  readonly overlay: string;
  readonly raw?: string;
}

/** Writes `NAME_instance_map.nii.gz`, `NAME_type_map.nii.gz`, `NAME.json`, `NAME_overlay.png` and `NAME_raw.npz`. */
export async function writeResults(folder: string, results: ImageResults): Promise<WrittenFiles> {
  const { name, image, segmentation, classes, mpp, rawMaps } = results;
  const [height, width] = image.shape as [number, number];
  const { instanceMap, typeMap, nuclei } = segmentation;
  const write = async (file: string, bytes: Uint8Array | string) => {
    const path = join(folder, file);
    await writeFileAtomic(path, bytes);
    return path;
  };
  const document = formatNuclei(segmentation, { width, height, mpp, classes });
  const written: WrittenFiles = {
    instance_map: await write(`${name}_instance_map.nii.gz`, encodeNifti(instanceMap, { mpp })),
    ...(typeMap && { type_map: await write(`${name}_type_map.nii.gz`, encodeNifti(typeMap, { mpp })) }),
    nuclei: await write(`${name}.json`, JSON.stringify(document)),
    overlay: await write(`${name}_overlay.png`, encodePng(renderOverlay(image, nuclei, classes))),
  };
  if (!rawMaps) return written;
  const arrays = Object.entries(rawMaps).flatMap(([key, map]) =>
    map ? [[key, { dtype: 'float32', shape: map.shape, data: map.data }] as const] : [],
  );
  return { ...written, raw: await write(`${name}_raw.npz`, encodeNpz(new Map(arrays))) };
}

// What preparations need of a labelled image, wherever and however a data set stores it.
import { createLabelMap, createTypeMap, FileError, type LabelledImage, type RgbImage } from '@hovernet/core';
import { auditLabels, type LabelAudit } from './audit-labels.js';
import { mapTypes } from './map-types.js';
import type { Taxonomy } from './taxonomy.js';

/** A labelled image with the name that files are called by. */
export type NamedTile = LabelledImage & { readonly name: string };

/** A tile, and what in its labels cannot be right. */
export type AuditedTile = NamedTile & { readonly audit: LabelAudit };

/** Labels as a data set has them, in C order. */
export interface OriginalLabels {
  readonly shape: readonly [height: number, width: number];
  readonly instanceMap: Int32Array;
  /** Original type ids, before any mapping. */
  readonly typeMap: Int32Array;
}

/** A labelled image of a data set. */
export interface SourceTile {
  readonly name: string;
  /** What errors about it name: files, and the place in them where they hold several images. */
  readonly imageSource: string;
  readonly labelSource: string;
  /** Size, and the type ids that its labels hold or may hold. */
  inspect(): Promise<{ readonly shape: readonly [height: number, width: number]; readonly typeIds: readonly number[] }>;
  readImage(): Promise<RgbImage>;
  readLabels(): Promise<OriginalLabels>;
}

/** Reads image and labels. @throws FileError if they differ in size or a type is not in the taxonomy; what reading throws */
export async function readSourceTile(tile: SourceTile, taxonomy: Taxonomy): Promise<AuditedTile> {
  const [image, labels] = await Promise.all([tile.readImage(), tile.readLabels()]);
  const [height, width] = labels.shape;
  if (image.shape[0] !== height || image.shape[1] !== width) {
    const size = `${image.shape[1]}×${image.shape[0]}`;
    throw new FileError(
      tile.labelSource,
      `labels are ${width}×${height} (width×height) but ${tile.imageSource} is ${size}`,
    );
  }
  return {
    name: tile.name,
    audit: auditLabels(labels),
    image,
    instanceMap: createLabelMap(height, width, labels.instanceMap),
    typeMap: createTypeMap(height, width, mapTypes(labels.typeMap, taxonomy, tile.labelSource)),
  };
}

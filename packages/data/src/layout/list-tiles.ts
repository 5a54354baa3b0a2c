// The CoNSeP layout: {root}/{phase}/Images/NAME.png beside {root}/{phase}/Labels/NAME.mat.
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { listFileNames } from '@hovernet/files/internal/node';

/** An image file and its label file. */
export interface Tile {
  /** Common name of both files, without suffix. */
  readonly name: string;
  readonly imagePath: string;
  readonly labelPath: string;
}

/** How image and label files differ. */
export interface TileSuffixes {
  /** Ending of image files, without the dot. @default 'png' */
  readonly imageSuffix?: string;
  /** Ending of label files, without the dot. @default 'mat' */
  readonly labelSuffix?: string;
}

/**
 * The tiles of one phase (`Train`, `Test`), sorted by name as the reference sorts paths.
 * @throws FileError if a folder is missing or empty, or an image lacks its label or the other way round.
 */
export async function listTiles(root: string, phase: string, options: TileSuffixes = {}): Promise<Tile[]> {
  const imageFolder = join(root, phase, 'Images');
  const labelFolder = join(root, phase, 'Labels');
  const imageEnding = `.${options.imageSuffix ?? 'png'}`;
  const labelEnding = `.${options.labelSuffix ?? 'mat'}`;
  const images = await listStems(imageFolder, imageEnding);
  const labels = await listStems(labelFolder, labelEnding);
  requirePartners(labels, images, { folder: imageFolder, ending: imageEnding, what: 'label' });
  requirePartners(images, labels, { folder: labelFolder, ending: labelEnding, what: 'image' });
  return labels.map((name) => ({
    name,
    imagePath: join(imageFolder, name + imageEnding),
    labelPath: join(labelFolder, name + labelEnding),
  }));
}

async function listStems(folder: string, ending: string): Promise<string[]> {
  const names = (await listFileNames(folder)).filter((name) => name.endsWith(ending) && name.length > ending.length);
  if (names.length === 0) throw new FileError(folder, `no *${ending} file here; check the folder and the suffix`);
  return names.map((name) => name.slice(0, -ending.length));
}

function requirePartners(
  names: readonly string[],
  partners: readonly string[],
  wanted: { readonly folder: string; readonly ending: string; readonly what: string },
): void {
  const present = new Set(partners);
  const missing = names.filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const others = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  const path = join(wanted.folder, missing[0]! + wanted.ending);
  throw new FileError(path, `missing${others}: every ${wanted.what} needs its partner`, { missing: true });
}

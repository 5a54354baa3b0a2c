// A tile whose image and labels are files of their own.
import { readImage } from '@hovernet/files/node';
import type { Tile } from './list-tiles.js';
import { listUsedTypes } from './map-types.js';
import { readLabels } from './read-labels.js';
import { readSourceTile, type NamedTile, type SourceTile } from './source-tile.js';
import type { Taxonomy } from './taxonomy.js';

/** A pair of files as a tile; its labels are read to be inspected. */
export function toSourceTile({ name, imagePath, labelPath }: Tile): SourceTile {
  return {
    name,
    imageSource: imagePath,
    labelSource: labelPath,
    inspect: async () => {
      const { shape, typeMap } = await readLabels(labelPath);
      return { shape, typeIds: listUsedTypes(typeMap) };
    },
    readImage: () => readImage(imagePath),
    readLabels: () => readLabels(labelPath),
  };
}

/**
 * Reads a tile and maps its types to the classes of `taxonomy`.
 * @throws FileError if a file is missing or damaged, image and labels differ in size, or a type is not in the taxonomy;
 * UnsupportedError for an image of a format that is not known here or a label file that is no .mat.
 */
export function readTile(tile: Tile, taxonomy: Taxonomy): Promise<NamedTile> {
  return readSourceTile(toSourceTile(tile), taxonomy);
}

// A tile whose image and labels are files of their own.
import { readImage } from '@hovernet/files/node';
import type { Tile } from './list-tiles.js';
import { listUsedTypes } from './map-types.js';
import { readLabels } from './read-labels.js';
import { readSourceTile, type NamedTile, type OriginalLabels, type SourceTile } from './source-tile.js';
import type { Taxonomy } from './taxonomy.js';

/** A pair of files as a tile; its labels are read to be inspected. `read` reads them where they are no .mat file. */
export function toSourceTile(
  { name, imagePath, labelPath }: Tile,
  read: () => Promise<OriginalLabels> = () => readLabels(labelPath),
): SourceTile {
  return {
    name,
    imageSource: imagePath,
    labelSource: labelPath,
    inspect: async () => {
      const { shape, typeMap } = await read();
      return { shape, typeIds: listUsedTypes(typeMap) };
    },
    readImage: () => readImage(imagePath),
    readLabels: read,
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

// Labels that people drew: QuPath's annotations as GeoJSON, or label images with a table of types.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { listFileNames, readCsv } from '@hovernet/files/internal/node';
import { readFileBytes, readImage } from '@hovernet/files/node';
import type { NucleiFile } from '@hovernet/export/node';
import type { Layout } from './layout.js';
import { listTiles, type Tile } from './list-tiles.js';
import { toSourceTile } from './read-tile.js';
import type { OriginalLabels, SourceTile } from './source-tile.js';
import type { Taxonomy } from './taxonomy.js';

/** Endings of label images. */
const labelEndings = ['.tif', '.tiff', '.npy'];

/**
 * `{root}/{source}/Images/NAME.png` beside `{root}/{source}/Labels/NAME.geojson` (`geojson`), or beside an image of ids,
 * `NAME.tif` or `NAME.npy`, with `NAME.csv` (columns `id` and `type`) or `NAME.json` (`{"id": type}`) (`labels`). Types are names of
 * classes; in tables also numbers.
 */
export function createDrawnLayout(kind: 'geojson' | 'labels'): Layout {
  return {
    phases: [
      { name: 'Train', sources: ['Train'] },
      { name: 'Test', sources: ['Test'] },
    ],
    taxonomy: 'consep-merged',
    anyTaxonomy: true,
    listTiles: async (root, source, { imageSuffix, labelSuffix }, taxonomy) => {
      const given = labelSuffix === undefined || labelSuffix === 'mat' ? null : labelSuffix;
      const suffix = given ?? (kind === 'geojson' ? 'geojson' : await findLabelSuffix(join(root, source, 'Labels')));
      const tiles = await listTiles(root, source, { ...(imageSuffix && { imageSuffix }), labelSuffix: suffix });
      return tiles.map((tile) => toDrawnTile(tile, kind, taxonomy));
    },
  };
}

async function findLabelSuffix(folder: string): Promise<string> {
  const endings = (await listFileNames(folder)).map((name) => extname(name).toLowerCase());
  const found = labelEndings.find((ending) => endings.includes(ending));
  if (found === undefined) throw new FileError(folder, `no label image here; expected ${labelEndings.join(', ')}`);
  return found.slice(1);
}

function toDrawnTile(tile: Tile, kind: 'geojson' | 'labels', taxonomy: Taxonomy): SourceTile {
  const { imagePath, labelPath } = tile;
  return toSourceTile(tile, async () => {
    const { readNuclei } = await import('@hovernet/export/node');
    const [height, width] = (await readImage(imagePath)).shape as [number, number, number];
    const image = { width, height, mpp: null };
    if (kind === 'geojson')
      return paint(await readNuclei(labelPath, { image, classes: taxonomy.classes }), labelPath, taxonomy);
    return paintTable(await readNuclei(labelPath), labelPath, taxonomy);
  });
}

async function paint(file: NucleiFile, path: string, taxonomy: Taxonomy): Promise<OriginalLabels> {
  const { count, ids, types } = file.table;
  const typeOf = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const type = types?.[row] ?? 0;
    if (type === 0) throw new FileError(path, `annotation ${ids[row]} has no class; give it one in QuPath`);
    typeOf.set(ids[row]!, originalType(type, taxonomy, path));
  }
  return paintTypes(file, typeOf);
}

async function paintTable(file: NucleiFile, path: string, taxonomy: Taxonomy): Promise<OriginalLabels> {
  const { path: tablePath, types } = await readTypes(path);
  const classes = new Map(taxonomy.classes.map(({ id, name }) => [name, id]));
  const typeOf = new Map<number, number>();
  for (const id of file.table.ids) {
    const type = types.get(id);
    if (type === undefined) throw new FileError(tablePath, `nucleus ${id} of ${path} has no type`);
    const named = classes.get(type);
    const number = named === undefined ? Number(type) : originalType(named, taxonomy, tablePath);
    if (type.trim() === '' || !Number.isInteger(number) || number < 1) {
      const names = [...classes.keys()].join(', ');
      throw new FileError(tablePath, `nucleus ${id}: expected a type's number or one of ${names}, got '${type}'`);
    }
    typeOf.set(id, number);
  }
  return paintTypes(file, typeOf);
}

async function readTypes(labelPath: string): Promise<{ path: string; types: ReadonlyMap<number, string> }> {
  const base = join(dirname(labelPath), basename(labelPath, extname(labelPath)));
  if (existsSync(`${base}.csv`)) {
    const rows = await readCsv(`${base}.csv`, ['id', 'type']);
    return { path: `${base}.csv`, types: new Map(rows.map(({ id, type }) => [Number(id), type])) };
  }
  const path = `${base}.json`;
  const text = new TextDecoder().decode(await readFileBytes(path));
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, string | number>);
    return { path, types: new Map(entries.map(([id, type]) => [Number(id), String(type)])) };
  } catch (cause) {
    throw new FileError(path, 'expected {"id": type, …}', { cause });
  }
}

/** A type id that the taxonomy maps to class `id`. */
function originalType(id: number, { mapping, name }: Taxonomy, path: string): number {
  for (const [type, mapped] of mapping) if (mapped === id) return type;
  throw new FileError(path, `no type of taxonomy ${name} maps to class ${id}; choose another taxonomy`);
}

async function paintTypes(file: NucleiFile, typeOf: ReadonlyMap<number, number>): Promise<OriginalLabels> {
  const { toSegmentedImage } = await import('@hovernet/export/node');
  const { width, height } = file.image;
  const instanceMap = (await toSegmentedImage(file).readLabels([0, 0, width, height])).data;
  return { shape: [height, width], instanceMap, typeMap: instanceMap.map((id) => typeOf.get(id) ?? 0) };
}

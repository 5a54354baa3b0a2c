// Maps, nuclei and overlays of images.
import { basename } from 'node:path';
import { expectEqual, expectThat, readWrittenJson, writtenFile, type CheckedRun } from './check-run.js';
import { readNiftiMap, readPngSize } from './read-files.js';
import type { BundleTile } from './bundle-project.js';

interface NucleusEntry {
  readonly id: number;
  readonly type: number;
  readonly type_prob: number;
  readonly centroid: readonly [number, number];
  readonly box: readonly [number, number, number, number];
  readonly contour: readonly (readonly [number, number])[];
}

/** Throws unless `folder` holds the results of every test image, which agree with each other. */
export function checkInference(run: CheckedRun, folder: string): void {
  for (const tile of run.project.tiles.Test) {
    const ids = checkMaps(run, folder, tile);
    expectEqual(`ids of ${tile.name}.json`, checkNuclei(run, folder, tile), ids);
    const { width, height } = readPngSize(writtenFile(run, folder, `${tile.name}_overlay.png`));
    expectEqual('size of the overlay', [width, height], [tile.width, tile.height]);
  }
  const { _hash_: hash, workflow } = readWrittenJson(run, folder, 'infer_config.json');
  expectThat('a hash in infer_config.json', /^sha256:[0-9a-f]{64}$/.test(String(hash)));
  expectEqual('workflow of infer_config.json', workflow, 'infer');
}

/** Checks instance and type map of a tile; gives the ids of the nuclei, in order. */
export function checkMaps(run: CheckedRun, folder: string, { name, width, height }: BundleTile): number[] {
  const [instances, types] = ['instance_map', 'type_map'].map((kind) => {
    const map = readNiftiMap(writtenFile(run, folder, `${name}_${kind}.nii.gz`));
    expectEqual(`size of ${name}_${kind}`, [map.width, map.height], [width, height]);
    return map;
  });
  expectEqual(`types of values of ${name}`, [instances!.dtype, types!.dtype], ['uint32', 'uint8']);
  expectThat(
    `classes 0…4 in ${name}_type_map`,
    types!.values.every((value) => value <= 4),
  );
  const isOutside = types!.values.some((value, at) => value > 0 && instances!.values[at] === 0);
  expectThat(`no class outside of nuclei in ${name}_type_map`, !isOutside);
  return [...new Set(instances!.values)].filter((id) => id > 0).sort((a, b) => a - b);
}

/** Checks the document of nuclei of a tile; gives their ids, in order. */
function checkNuclei(run: CheckedRun, folder: string, { name, width, height }: BundleTile): number[] {
  const path = writtenFile(run, folder, `${name}.json`);
  const { schema, image, classes, nuclei } = readWrittenJson(run, folder, basename(path));
  expectEqual('schema', schema, 'hovernet-nuclei/2');
  expectEqual('image', image, { width, height, mpp: null });
  const named = (classes as { id: number; name: string; color: number[] }[]).map(({ id }) => id);
  expectEqual('classes', named, [1, 2, 3, 4]);
  for (const { id, type, type_prob: share, centroid, box, contour } of nuclei as NucleusEntry[]) {
    const [x0, y0, x1, y1] = box;
    const isIn = ([x, y]: readonly [number, number]) => x >= x0 && x < x1 && y >= y0 && y < y1;
    const isBox = x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height;
    expectThat(`box, centroid and contour of nucleus ${id} in the image`, isBox && [centroid, ...contour].every(isIn));
    expectThat(`a type and its share of nucleus ${id}`, type >= 0 && type <= 4 && share >= 0 && share <= 1);
  }
  return (nuclei as NucleusEntry[]).map(({ id }) => id).sort((a, b) => a - b);
}

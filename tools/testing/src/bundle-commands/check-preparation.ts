// Patches as the bundle's script writes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy } from '../numpy.js';
import { expectEqual, writtenFile, type CheckedRun } from './check-run.js';

export interface PatchGrid {
  /** Side in pixels. */
  readonly patchPx: number;
  readonly stepPx: number;
  /** Whether the image is mirrored at its border, so that every pixel is in the middle of a patch. */
  readonly mirrored: boolean;
}

/** Throws unless `folder` of the project holds every tile and every patch of the grid, and nothing else. */
export function checkPreparation(run: CheckedRun, folder: string, grid: PatchGrid): void {
  const { patchPx } = grid;
  for (const [phase, tiles] of Object.entries(run.project.tiles)) {
    const check = (name: string, shape: readonly number[]) => {
      const { shape: actual } = readNpy(readFileSync(writtenFile(run, folder, phase, name)));
      expectEqual(`shape of ${name}`, actual, shape);
    };
    let files = 0;
    for (const { name, width, height } of tiles) {
      check(`image_${name}.npy`, [height, width, 3]);
      check(`label_${name}.npy`, [height, width, 2]);
      const count = countPatches(height, grid) * countPatches(width, grid);
      for (let i = 0; i < count; i++) {
        const patch = `${name}_${String(i).padStart(3, '0')}`;
        check(`${patch}_image.npy`, [patchPx, patchPx, 3]);
        check(`${patch}_inst_map.npy`, [patchPx, patchPx, 1]);
        check(`${patch}_type_map.npy`, [patchPx, patchPx, 1]);
      }
      files += 2 + 3 * count;
    }
    const arrays = readdirSync(join(run.project.folder, folder, phase)).filter((name) => name.endsWith('.npy'));
    expectEqual(`arrays of ${phase}`, arrays.length, files);
  }
}

/** Patches along a side of `lengthPx`: every step, and one that ends where the side does. */
function countPatches(lengthPx: number, { patchPx, stepPx, mirrored }: PatchGrid): number {
  const padded = mirrored ? lengthPx + patchPx - stepPx : lengthPx;
  return Math.ceil((padded - patchPx) / stepPx) + 1;
}

// Where patches of a tile lie: a sliding window whose last row and column are pushed back to the border.
import { ArgumentError } from '@hovernet/core';

/** How patches are cut from tiles. */
export interface PatchGrid {
  /** `mirror`: tiles are reflected at their borders, so that patch centres cover them; `valid`: patches lie inside. */
  readonly type: 'mirror' | 'valid';
  /** Height and width of a patch, pixels. */
  readonly patchSize: readonly [height: number, width: number];
  /** Distance of neighbouring patches, pixels. */
  readonly step: readonly [height: number, width: number];
}

/** Top-left corner of a patch in the tile; negative in the reflected border. */
export type PatchOrigin = readonly [y: number, x: number];

/**
 * Origins of the patches of a tile of `height` × `width`, in the reference's order: regular rows × regular columns row by
 * row, then the extra bottom row, then the extra right column, then the corner.
 * @throws ArgumentError if sizes are not positive integers, the step is larger than the patch, or the tile is too small.
 */
export function listPatchOrigins(height: number, width: number, grid: PatchGrid): PatchOrigin[] {
  const rows = listStarts('height', height, grid, 0);
  const columns = listStarts('width', width, grid, 1);
  const origins: PatchOrigin[] = rows.regular.flatMap((y) => columns.regular.map((x): PatchOrigin => [y, x]));
  if (rows.last !== null) for (const x of columns.regular) origins.push([rows.last, x]);
  if (columns.last !== null) for (const y of rows.regular) origins.push([y, columns.last]);
  if (rows.last !== null && columns.last !== null) origins.push([rows.last, columns.last]);
  return origins;
}

function listStarts(axisName: string, length: number, grid: PatchGrid, axis: 0 | 1) {
  const patch = grid.patchSize[axis];
  const step = grid.step[axis];
  if (!Number.isInteger(patch) || !Number.isInteger(step) || step < 1 || patch < step) {
    throw new ArgumentError(
      `patch grid: expected whole numbers with patch ≥ step ≥ 1 along the ${axisName}, got patch ${patch}, step ${step}`,
    );
  }
  const border = grid.type === 'mirror' ? patch - step : 0;
  const room = length + border - patch;
  if (room < 0) {
    throw new ArgumentError(
      `patch grid: the tile's ${axisName} of ${length} px is smaller than ${patch - border} px, the ` +
        `${grid.type === 'mirror' ? 'step' : 'patch'}; choose a smaller one`,
    );
  }
  const padding = Math.floor(border / 2);
  const regular = Array.from({ length: Math.floor(room / step) + 1 }, (_, index) => index * step - padding);
  return { regular, last: room % step === 0 ? null : room - padding };
}

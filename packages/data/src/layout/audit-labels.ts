// What in labels cannot be right, and passes silently into training otherwise.

/** Numbers of suspicious things in the labels of a tile, or of many tiles. */
export interface LabelAudit {
  readonly nuclei: number;
  /** Tiles whose map has one id for several separate regions: a mask in place of a map of nuclei. */
  readonly masks: number;
  /** Nuclei with parts that are further apart than they are long. */
  readonly scattered: number;
  /** Nuclei without a type, where others have one. */
  readonly untyped: number;
  /** Pixels with a type and no nucleus. */
  readonly typesOnBackgroundPx: number;
}

/** Nothing found in no nuclei. */
export const emptyAudit: LabelAudit = { nuclei: 0, masks: 0, scattered: 0, untyped: 0, typesOnBackgroundPx: 0 };

/** Problems of an audit together, for comparing tiles; pixels count little. */
export function countProblems({ masks, scattered, untyped, typesOnBackgroundPx }: LabelAudit): number {
  return 1000 * masks + scattered + untyped + typesOnBackgroundPx / 100;
}

export function addAudits(a: LabelAudit, b: LabelAudit): LabelAudit {
  return {
    nuclei: a.nuclei + b.nuclei,
    masks: a.masks + b.masks,
    scattered: a.scattered + b.scattered,
    untyped: a.untyped + b.untyped,
    typesOnBackgroundPx: a.typesOnBackgroundPx + b.typesOnBackgroundPx,
  };
}

/** Maps of a tile in C order. */
interface Labels {
  readonly shape: readonly [height: number, width: number];
  readonly instanceMap: Int32Array;
  readonly typeMap: Int32Array;
}

interface Region {
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
}

/** Examines the labels of a tile. O(pixels). */
export function auditLabels({ shape: [height, width], instanceMap, typeMap }: Labels): LabelAudit {
  const regions = findRegions(instanceMap, height, width);
  const typed = new Set<number>();
  let typesOnBackgroundPx = 0;
  for (let i = 0; i < instanceMap.length; i++) {
    if (typeMap[i] === 0) continue;
    if (instanceMap[i] === 0) typesOnBackgroundPx++;
    else typed.add(instanceMap[i]!);
  }
  const isMask = regions.size === 1 && [...regions.values()][0]!.length > 1;
  return {
    nuclei: regions.size,
    masks: isMask ? 1 : 0,
    scattered: isMask ? 0 : [...regions.values()].filter(isScattered).length,
    untyped: typed.size === 0 ? 0 : regions.size - typed.size,
    typesOnBackgroundPx,
  };
}

/** Connected parts (8 neighbours) of each id. */
function findRegions(ids: Int32Array, height: number, width: number): Map<number, Region[]> {
  const regions = new Map<number, Region[]>();
  const seen = new Uint8Array(ids.length);
  const stack: number[] = [];
  for (let start = 0; start < ids.length; start++) {
    const id = ids[start]!;
    if (id === 0 || seen[start]) continue;
    let [x0, y0, x1, y1] = [width, height, 0, 0];
    seen[start] = 1;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const [x, y] = [at % width, Math.floor(at / width)];
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (ids[next] !== id || seen[next]) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    const parts = regions.get(id);
    const region = { box: [x0, y0, x1, y1] as const };
    if (parts) parts.push(region);
    else regions.set(id, [region]);
  }
  return regions;
}

/** Whether a part is further from the largest one than that is long. */
function isScattered(parts: readonly Region[]): boolean {
  if (parts.length === 1) return false;
  const lengthOf = ({ box: [x0, y0, x1, y1] }: Region) => Math.max(x1 - x0, y1 - y0);
  const largest = parts.reduce((most, part) => (lengthOf(part) > lengthOf(most) ? part : most));
  const [x0, y0, x1, y1] = largest.box;
  return parts.some(({ box: [a0, b0, a1, b1] }) => {
    const gap = Math.max(a0 - x1, x0 - a1, b0 - y1, y0 - b1);
    return gap > lengthOf(largest);
  });
}

// The diff workflow: two results of one image, compared nucleus by nucleus.
import { createRgbImage, listNuclei, type Nucleus, type NucleusClass, type RgbImage } from '@hovernet/core';
import { readNuclei, renderOverlay, type NucleiFile } from '@hovernet/export/node';
import { writePng } from '@hovernet/files/node';
import { formatTable } from '../report/format-table.js';
import type { WorkflowOutcome } from '../workflow-context.js';
import { compareNuclei, type CompareOptions, type NucleiComparison } from './compare-nuclei.js';
import { openPicture } from './open-picture.js';

export interface DiffOptions extends CompareOptions {
  readonly pathA: string;
  readonly pathB: string;
  /** PNG of the differences. */
  readonly picturePath?: string | undefined;
  /** What they are drawn on; white by default. */
  readonly imagePath?: string | undefined;
}

/** Colours of what is the same and what is not; told apart by colour-blind readers too. */
const kinds: readonly NucleusClass[] = [
  { id: 1, name: 'in both', color: [153, 153, 153] },
  { id: 2, name: 'moved', color: [86, 180, 233] },
  { id: 3, name: 'other type', color: [240, 228, 66] },
  { id: 4, name: 'vanished', color: [213, 94, 0] },
  { id: 5, name: 'appeared', color: [0, 158, 115] },
];

/** Compares the nuclei of two files. @throws FileError for a file that cannot be read or written. */
export async function runDiff(options: DiffOptions): Promise<WorkflowOutcome> {
  const { pathA, pathB, picturePath } = options;
  const [a, b] = [await readNuclei(pathA), await readNuclei(pathB)];
  const comparison = compareNuclei(a, b, options);
  if (picturePath !== undefined)
    await writePng(picturePath, await drawDifferences(a, b, comparison, options.imagePath));
  return {
    document: describe(a, b, comparison),
    summary: [...summarize(a, b, comparison), ...(picturePath === undefined ? [] : [picturePath])].join('\n'),
  };
}

function describe(a: NucleiFile, b: NucleiFile, { appeared, vanished, pairs, changedType, moved }: NucleiComparison) {
  return {
    nuclei: { a: a.table.count, b: b.table.count, pairs: pairs.length },
    appeared,
    vanished,
    changed_type: changedType.map((pair) => ({ a: pair.a, b: pair.b, type_a: pair.typeA, type_b: pair.typeB })),
    moved: moved.map((pair) => ({ a: pair.a, b: pair.b, distance_px: pair.distancePx })),
  };
}

function summarize(a: NucleiFile, b: NucleiFile, comparison: NucleiComparison): string[] {
  const { appeared, vanished, pairs, changedType, moved } = comparison;
  const table = formatTable(
    ['nuclei', 'count'],
    [
      ['in A', a.table.count],
      ['in B', b.table.count],
      ['in both', pairs.length],
      ['appeared', appeared.length],
      ['vanished', vanished.length],
      ['changed type', changedType.length],
      ['moved', moved.length],
    ],
  );
  const changes = new Map<string, number>();
  for (const { typeA, typeB } of changedType) {
    const key = `${nameType(a, typeA)} → ${nameType(b, typeB)}`;
    changes.set(key, (changes.get(key) ?? 0) + 1);
  }
  if (changes.size === 0) return [table];
  const rows = [...changes].sort((one, other) => other[1] - one[1]);
  return [table, '', formatTable(['type in A → in B', 'nuclei'], rows)];
}

function nameType({ classes }: NucleiFile, type: number | null): string {
  return classes.find(({ id }) => id === type)?.name ?? (type === 0 ? 'background' : `type ${type ?? '–'}`);
}

async function drawDifferences(
  a: NucleiFile,
  b: NucleiFile,
  { appeared, vanished, changedType, moved }: NucleiComparison,
  imagePath: string | undefined,
): Promise<RgbImage> {
  const lost = new Set(vanished);
  const kindOf = new Map<number, number>();
  for (const pair of moved) kindOf.set(pair.b, 2);
  for (const pair of changedType) kindOf.set(pair.b, 3);
  for (const id of appeared) kindOf.set(id, 5);
  const drawn: Pick<Nucleus, 'contour' | 'type'>[] = [
    ...listNuclei(b.table).map(({ id, contour }) => ({ contour, type: kindOf.get(id) ?? 1 })),
    ...listNuclei(a.table)
      .filter(({ id }) => lost.has(id))
      .map(({ contour }) => ({ contour, type: 4 })),
  ];
  drawn.sort((one, other) => one.type! - other.type!);
  return renderOverlay(await readPicture(a, b, imagePath), drawn, kinds);
}

async function readPicture(a: NucleiFile, b: NucleiFile, imagePath: string | undefined): Promise<RgbImage> {
  const width = Math.max(a.image.width, b.image.width);
  const height = Math.max(a.image.height, b.image.height);
  if (imagePath === undefined) return createRgbImage(height, width, new Uint8Array(3 * width * height).fill(255));
  const picture = await openPicture(imagePath);
  try {
    return await picture.read([0, 0, picture.width, picture.height]);
  } finally {
    await picture.close();
  }
}

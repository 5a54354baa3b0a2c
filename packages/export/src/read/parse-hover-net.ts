// The JSON of the original hover_net, and of tools that write the same, back to nuclei.
import { createNucleusTable, FileError, type Nucleus, type NucleusClass, type Point } from '@hovernet/core';
import { fillContour } from '../shapes/fill-polygon.js';
import { describeRuns } from './describe-runs.js';
import type { NucleiFile } from './nuclei-file.js';
import { nameTypes } from './number-classes.js';

export interface ParseHoverNetOptions {
  /** Opens the messages of errors. @default 'hover_net JSON' */
  readonly path?: string;
  /** Names of types. @default `type 1`, `type 2`, … */
  readonly classes?: readonly NucleusClass[] | undefined;
}

/**
 * Nuclei of `{mag, nuc: {id: {bbox, centroid, contour, type_prob, type}}}`; boxes are taken from the contours.
 * @throws FileError that names the wrong nucleus.
 */
export function parseHoverNet(document: unknown, options: ParseHoverNetOptions = {}): NucleiFile {
  const { path = 'hover_net JSON' } = options;
  const { mag, nuc } = (document ?? {}) as { mag?: unknown; nuc?: unknown };
  if (typeof nuc !== 'object' || nuc === null) throw new FileError(path, 'expected {"mag": …, "nuc": {…}}');
  const nuclei = Object.entries(nuc)
    .map(([key, value]) => parseNucleus(key, value as Fields | null, path))
    .sort((a, b) => a.id - b.id);
  const isTyped = nuclei.some(({ type }) => type !== null);
  const [width, height] = [2, 3].map((end) => nuclei.reduce((most, { box }) => Math.max(most, box[end]!), 1));
  const types = nuclei.reduce((most, { type }) => Math.max(most, type ?? 0), 0);
  return {
    image: { width: width!, height: height!, mpp: typeof mag === 'number' && mag > 0 ? 10 / mag : null },
    classes: options.classes ?? nameTypes(types),
    isTyped,
    table: createNucleusTable(nuclei, { isTyped }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parseNucleus(key: string, value: Fields | null, path: string): Nucleus {
  const id = Number(key);
  const fail = (problem: string) => new FileError(path, `nuc.${key}: ${problem}`);
  if (!Number.isInteger(id) || id < 1) throw fail('expected an id that is an integer ≥ 1');
  const { contour, centroid, type, type_prob: probability } = value ?? {};
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  if (!Array.isArray(contour) || contour.length === 0 || !contour.every(isPoint))
    throw fail('contour: expected points [x, y]');
  const points = dropRepeated(contour as Point[]);
  const described = describeRuns(fillContour(points.flat()))!;
  return {
    id,
    box: described.box,
    centroid: isPoint(centroid) ? (centroid as Point) : described.centroid,
    contour: points,
    type: Number.isInteger(type) ? (type as number) : null,
    typeProbability: Number.isInteger(type) ? (typeof probability === 'number' ? probability : 1) : null,
  };
}

/** Short contours are written with their last point repeated. */
function dropRepeated(points: readonly Point[]): Point[] {
  return points.filter((point, index) => index === 0 || String(point) !== String(points[index - 1]));
}

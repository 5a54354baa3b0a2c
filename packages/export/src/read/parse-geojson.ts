// Detections and annotations of QuPath back to nuclei: GeoJSON with polygons in the image's pixels.
import { createNucleusTable, FileError, UnsupportedError, type Nucleus, type NucleusClass } from '@hovernet/core';
import { measurementNames } from '../formats/geojson.js';
import { nucleiSchema, type ImageDescription } from '../nuclei-document.js';
import { fillEdges, type Runs } from '../shapes/fill-polygon.js';
import { clipRuns, describeRuns } from './describe-runs.js';
import { numberClasses } from './number-classes.js';
import type { NucleiFile } from './nuclei-file.js';

export interface ParseGeojsonOptions {
  /** Opens the messages of errors. @default 'GeoJSON' */
  readonly path?: string;
  /** Size of the image, which cuts polygons off. @default what the file says, else nothing is cut off */
  readonly image?: ImageDescription | undefined;
  /** Classes by name. @default those of the file, else its names in their order */
  readonly classes?: readonly NucleusClass[] | undefined;
}

/**
 * Nuclei of the polygons of a FeatureCollection, of an array of features, or of one feature: a pixel belongs to a nucleus if its
 * centre lies inside. Of cells, the nucleus is taken. Polygons that hold no pixel's centre are left out, with a warning.
 * @throws FileError that names the wrong feature; UnsupportedError for geometries that are no polygons.
 */
export function parseGeojson(document: unknown, options: ParseGeojsonOptions = {}): NucleiFile {
  const { path = 'GeoJSON' } = options;
  const { features, head } = listFeatures(document, path);
  const size = options.image ?? head?.image;
  const found = features.map((feature, index) => parseFeature(feature, { path, index }));
  const classes = options.classes ?? head?.classes ?? numberClasses(found);
  const idOf = new Map(classes.map(({ id, name }) => [name, id]));
  const isTyped = head?.is_typed ?? found.some(({ name }) => name !== null);
  const ids = chooseIds(found);
  const nuclei: Nucleus[] = [];
  const shapes = new Map<number, Runs>();
  found.forEach(({ rings, name, probability }, index) => {
    const whole = fillEdges(rings);
    const runs = clipRuns(whole, size?.width ?? Infinity, size?.height ?? Infinity);
    const described = describeRuns(runs);
    if (!described) return;
    const type = isTyped ? (name === null ? 0 : idOf.get(name)) : null;
    if (type === undefined) {
      const known = classes.map((known) => known.name).join(', ');
      throw new FileError(path, `features[${index}]: class '${name}' is none of ${known}`);
    }
    const id = ids[index]!;
    shapes.set(id, runs);
    nuclei.push({ id, ...described, type, typeProbability: isTyped ? (probability ?? 1) : null });
  });
  nuclei.sort((a, b) => a.id - b.id);
  const lost = found.length - nuclei.length;
  const [width, height] = [2, 3].map((end) => nuclei.reduce((most, { box }) => Math.max(most, box[end]!), 1));
  return {
    image: size ?? { width: width!, height: height!, mpp: null },
    classes,
    isTyped,
    table: createNucleusTable(nuclei, { isTyped }),
    runsOf: (row) => shapes.get(nuclei[row]!.id)!,
    warnings: lost > 0 ? [`${path}: ${lost} polygons without the centre of a pixel are left out`] : [],
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** What this project writes beside the features. */
interface Head {
  readonly image: ImageDescription;
  readonly classes: readonly NucleusClass[];
  readonly is_typed: boolean;
}

interface Feature {
  readonly rings: readonly (readonly number[])[];
  readonly id: number | null;
  /** Of its class. */
  readonly name: string | null;
  readonly color: NucleusClass['color'] | null;
  readonly probability: number | null;
}

function listFeatures(document: unknown, path: string): { features: readonly unknown[]; head: Head | undefined } {
  if (Array.isArray(document)) return { features: document, head: undefined };
  const { type, features, hovernet } = (document ?? {}) as Fields;
  if (type === 'Feature') return { features: [document], head: undefined };
  if (type !== 'FeatureCollection' || !Array.isArray(features))
    throw new FileError(path, 'expected a FeatureCollection, a list of features or a feature');
  if (!hovernet) return { features, head: undefined };
  const head = hovernet as Head & { schema: unknown };
  if (head.schema !== nucleiSchema)
    throw new UnsupportedError(`${path}: hovernet.schema: expected ${nucleiSchema}, got ${String(head.schema)}`);
  return { features, head };
}

function parseFeature(value: unknown, { path, index }: { path: string; index: number }): Feature {
  const fail = (problem: string): never => {
    throw new FileError(path, `features[${index}]: ${problem}`);
  };
  const { geometry, nucleusGeometry, properties } = (value ?? {}) as Fields;
  const { type, coordinates } = ((nucleusGeometry ?? geometry) || {}) as Fields;
  if (type !== 'Polygon' && type !== 'MultiPolygon')
    throw new UnsupportedError(`${path}: features[${index}]: expected a Polygon or MultiPolygon, got ${String(type)}`);
  const polygons = (type === 'Polygon' ? [coordinates] : coordinates) as number[][][][];
  const isPoint = (point: unknown) => Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]);
  const rings = (Array.isArray(polygons) ? polygons : []).flat(1);
  if (rings.length === 0 || !rings.every((ring) => Array.isArray(ring) && ring.length >= 4 && ring.every(isPoint)))
    fail('expected rings of at least four positions [x, y]');
  const { classification, measurements } = (properties ?? {}) as Fields;
  const { name, names, color, colorRGB } = (classification ?? {}) as Fields;
  const numbers = (measurements ?? {}) as Fields;
  const [id, probability] = [numbers[measurementNames.id], numbers[measurementNames.typeProbability]];
  return {
    rings: rings.map((ring) => ring.slice(0, -1).flatMap(([x, y]) => [x!, y!])),
    id: Number.isInteger(id) && (id as number) > 0 ? (id as number) : null,
    name: typeof name === 'string' ? name : Array.isArray(names) ? names.join(': ') : null,
    color: parseColor(color, colorRGB),
    probability: typeof probability === 'number' ? probability : null,
  };
}

/** QuPath wrote one signed number before version 0.4. */
function parseColor(color: unknown, packed: unknown): NucleusClass['color'] | null {
  if (Array.isArray(color) && color.length >= 3) return [color[0], color[1], color[2]] as NucleusClass['color'];
  if (typeof packed !== 'number') return null;
  return [(packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff];
}

/** The numbers of the file where each has one of its own, else 1, 2, … */
function chooseIds(features: readonly Feature[]): number[] {
  const ids = features.map(({ id }) => id);
  const isNumbered = !ids.includes(null) && new Set(ids).size === ids.length;
  return isNumbered ? (ids as number[]) : ids.map((_, index) => index + 1);
}

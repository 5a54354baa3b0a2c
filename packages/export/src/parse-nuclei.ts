// Reads a nuclei document, and says which field is wrong where one is.
import { FileError, UnsupportedError, type Box, type Nucleus, type NucleusClass, type Point } from '@hovernet/core';
import { nucleiSchema, nucleiSchemas, type ImageDescription, type ProvenanceRecord } from './nuclei-document.js';

/** What a nuclei document holds. */
export interface ParsedNuclei {
  readonly image: ImageDescription;
  readonly classes: readonly NucleusClass[];
  /** null where the document does not say it. */
  readonly provenance: ProvenanceRecord | null;
  /** In the order of the document. */
  readonly nuclei: readonly Nucleus[];
}

export interface ParseNucleiOptions {
  /**
   * Where the document comes from; opens the messages of errors.
   * @default 'nuclei document'
   */
  readonly path?: string;
}

/**
 * Checks a parsed JSON value and takes its nuclei. Fields that are not known are passed over.
 * @throws FileError that names the first wrong field, for example `nuclei[3].box`; UnsupportedError for another schema.
 */
export function parseNuclei(document: unknown, options: ParseNucleiOptions = {}): ParsedNuclei {
  const { path = 'nuclei document' } = options;
  const check: Check = (valid, field, expected, value) => {
    if (!valid) throw new FileError(path, `${field()}: expected ${expected}, got ${describeValue(value)}`);
  };
  check(isRecord(document), () => 'document', 'an object', document);
  const { schema, image, classes, provenance = null, nuclei } = document as Fields;
  check(provenance === null || isRecord(provenance), () => 'provenance', 'an object or null', provenance);
  check(typeof schema === 'string', () => 'schema', 'a string', schema);
  if (!nucleiSchemas.includes(schema as string)) {
    throw new UnsupportedError(`${path}: schema: expected ${nucleiSchema}, got ${schema as string}`);
  }
  check(Array.isArray(classes), () => 'classes', 'an array', classes);
  check(Array.isArray(nuclei), () => 'nuclei', 'an array', nuclei);
  const ids = new Set<unknown>();
  return {
    image: parseImage(image, check),
    classes: (classes as unknown[]).map((value, index) => parseClass(value, index, check)),
    provenance: provenance as ProvenanceRecord | null,
    nuclei: (nuclei as unknown[]).map((value, index) => {
      const nucleus = parseNucleus(value, index, check);
      check(!ids.has(nucleus.id), () => `nuclei[${index}].id`, 'an id that occurs once', nucleus.id);
      ids.add(nucleus.id);
      return nucleus;
    }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws unless `valid`. The field's name is made only then: documents hold millions of fields. */
type Check = (valid: boolean, field: () => string, expected: string, value: unknown) => void;

function parseImage(value: unknown, check: Check): ImageDescription {
  check(isRecord(value), () => 'image', 'an object', value);
  const { width, height, mpp } = value as Fields;
  check(isInteger(width, 0), () => 'image.width', 'an integer ≥ 0', width);
  check(isInteger(height, 0), () => 'image.height', 'an integer ≥ 0', height);
  check(mpp === null || (isNumber(mpp) && mpp > 0), () => 'image.mpp', 'a number > 0 or null', mpp);
  return { width, height, mpp } as ImageDescription;
}

function parseClass(value: unknown, index: number, check: Check): NucleusClass {
  const field = (name: string) => () => `classes[${index}]${name}`;
  check(isRecord(value), field(''), 'an object', value);
  const { id, name, color } = value as Fields;
  check(isInteger(id, 0), field('.id'), 'an integer ≥ 0', id);
  check(typeof name === 'string', field('.name'), 'a string', name);
  const isByte = (part: unknown) => isInteger(part, 0) && (part as number) <= 255;
  check(isTuple(color, 3, isByte), field('.color'), 'three integers of 0 to 255', color);
  return { id, name, color } as NucleusClass;
}

function parseNucleus(value: unknown, index: number, check: Check): Nucleus {
  const field = (name: string) => () => `nuclei[${index}]${name}`;
  check(isRecord(value), field(''), 'an object', value);
  const { id, type, type_prob, centroid, box, contour } = value as Fields;
  check(isInteger(id, 1), field('.id'), 'an integer ≥ 1', id);
  check(type === null || isInteger(type, 0), field('.type'), 'an integer ≥ 0 or null', type);
  const isShare = isNumber(type_prob) && type_prob >= 0 && type_prob <= 1;
  check(type_prob === null || isShare, field('.type_prob'), 'a number of 0 to 1 or null', type_prob);
  check(isTuple(centroid, 2, isNumber), field('.centroid'), 'two numbers [x, y]', centroid);
  check(isBox(box), field('.box'), 'four integers [x0, y0, x1, y1] with x0 < x1 and y0 < y1', box);
  check(Array.isArray(contour), field('.contour'), 'an array', contour);
  const points = contour as unknown[];
  const wrong = points.findIndex((point) => !isTuple(point, 2, isNumber));
  check(wrong < 0, field(`.contour[${wrong}]`), 'two numbers [x, y]', points[wrong]);
  return {
    id: id as number,
    box: box as Box,
    centroid: centroid as Point,
    contour: contour as Point[],
    type: type as number | null,
    typeProbability: type_prob as number | null,
  };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isInteger(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}

function isTuple(value: unknown, length: number, isPart: (part: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === length && value.every(isPart);
}

function isBox(value: unknown): boolean {
  if (!isTuple(value, 4, Number.isInteger)) return false;
  const [x0, y0, x1, y1] = value as Box;
  return x0 < x1 && y0 < y1;
}

/** The value as JSON, cut to a line's length. */
function describeValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

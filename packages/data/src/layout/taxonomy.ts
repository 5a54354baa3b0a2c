// Classes of nuclei as data: names, colours, and how the type ids of label files map to them.
import { fileURLToPath } from 'node:url';
import { FileError, type NucleusClass } from '@hovernet/core';
import { readFileBytes } from '@hovernet/files/node';

/** The classes of a data set. */
export interface Taxonomy {
  readonly name: string;
  /** The classes, ids 1…n in this order; 0 is background. */
  readonly classes: readonly NucleusClass[];
  /** Class id for each type id that labels may hold; 0 stays 0. */
  readonly mapping: ReadonlyMap<number, number>;
  /** Micrometres per pixel of the data set. */
  readonly mpp: number;
  /** Which data set, and what its type ids mean. */
  readonly source: string;
}

/** Taxonomies that come with the package. */
export const builtinTaxonomies = ['consep', 'consep-merged', 'lizard', 'nucls', 'nucls-super', 'pannuke'] as const;

const maxClasses = 127;

/**
 * Loads a taxonomy by name (one of {@link builtinTaxonomies}) or from the JSON file at a path.
 * @throws FileError if the file is missing or a value in it is not what it should be.
 */
export async function loadTaxonomy(nameOrPath: string): Promise<Taxonomy> {
  const builtin = (builtinTaxonomies as readonly string[]).includes(nameOrPath);
  if (!builtin && !/[/\\.]/.test(nameOrPath)) {
    const names = builtinTaxonomies.join(', ');
    throw new FileError(nameOrPath, `no such taxonomy; use one of ${names}, or the path of a .json file`, {
      missing: true,
    });
  }
  const path = builtin ? fileURLToPath(new URL(`../../taxonomies/${nameOrPath}.json`, import.meta.url)) : nameOrPath;
  return parseTaxonomy(new TextDecoder().decode(await readFileBytes(path)), path);
}

/** The taxonomy that the JSON text `json` describes; `source` names it in errors. */
export function parseTaxonomy(json: string, source: string): Taxonomy {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new FileError(source, `not JSON (${(cause as Error).message})`, { cause });
  }
  const check = (condition: boolean, expected: string) => {
    if (!condition) throw new FileError(source, `taxonomy: expected ${expected}`);
  };
  check(isRecord(value), 'an object');
  const { name, mpp, source: origin = '', classes, mapping } = value as Record<string, unknown>;
  check(typeof name === 'string' && name !== '', 'name to be a text');
  check(typeof origin === 'string', 'source to be a text');
  check(typeof mpp === 'number' && mpp > 0, 'mpp (micrometres per pixel) to be a positive number');
  check(Array.isArray(classes) && classes.length > 0 && classes.length <= maxClasses, `1 to ${maxClasses} classes`);
  const parsed = (classes as unknown[]).map((item, index) => {
    check(isClass(item, index + 1), `classes[${index}] to be { id: ${index + 1}, name, color: [red, green, blue] }`);
    const { id, name, color } = item as NucleusClass;
    return { id, name, color };
  });
  check(isRecord(mapping), 'mapping to be an object from type ids to class ids');
  const entries = Object.entries(mapping as Record<string, unknown>).map(([from, to]): [number, number] => {
    const valid = /^[1-9]\d{0,8}$/.test(from) && isInteger(to, 1, parsed.length);
    check(valid, `mapping '${from}' to lead from a positive type id to a class id of 1 to ${parsed.length}`);
    return [Number(from), to as number];
  });
  return {
    name: name as string,
    source: origin as string,
    mpp: mpp as number,
    classes: parsed,
    mapping: new Map(entries),
  };
}

function isClass(value: unknown, id: number): boolean {
  if (!isRecord(value) || value['id'] !== id || typeof value['name'] !== 'string' || value['name'] === '') return false;
  const color = value['color'];
  return Array.isArray(color) && color.length === 3 && color.every((part) => isInteger(part, 0, 255));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

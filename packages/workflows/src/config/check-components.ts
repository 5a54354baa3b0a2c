// Checks every `_target_` of a resolved document and brings what the components say to the ids that are read.
import { ConfigError } from '@hovernet/core';
import { toConfigError } from './describe-issue.js';
import { findById, setById } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { Origins } from './origins.js';
import { didYouMean } from './suggest.js';
import { leadAugmentation } from './targets/lead-augmentation.js';
import { leadDevice } from './targets/lead-device.js';
import { findPlace, findTarget, isIgnored, targets, type Place } from './targets/registry.js';
import type { FoundComponent, Leads, Target } from './targets/target.js';

/**
 * A copy of `document` with the values that its components give to other ids: where they say the same as an id, such as the
 * interval of the ValidationHandler and `validate#interval`, the component wins, unless the id was set on the command line or in a
 * later file. Throws ConfigError for a component that is
 * unknown, stands where it cannot, has a wrong argument, or contradicts another one.
 */
export function applyComponents(document: JsonObject, origins = new Origins()): JsonObject {
  const found: FoundComponent[] = [];
  const values = new Map<string, { readonly value: JsonValue; readonly from: string }>();

  function collect(from: string, leads: Leads): void {
    for (const [id, value] of Object.entries(leads)) {
      if (value === undefined || isSettled(id, from)) continue;
      const known = values.get(id);
      if (known && JSON.stringify(known.value) !== JSON.stringify(value)) {
        const problem = `it sets ${id} to ${JSON.stringify(value)}, but ${known.from} to ${JSON.stringify(known.value)}`;
        throw new ConfigError(from, problem);
      }
      values.set(id, { value, from });
    }
  }

  /** Whether `id` has a value that a component at `from` does not change. */
  function isSettled(id: string, from: string): boolean {
    if (findById(document, id) === undefined) return false;
    // The other keys of a section are ids themselves.
    const component = findPlace(from)?.section ? `${from}#_target_` : from;
    return origins.isOnCommandLine(id) || origins.of(id) > origins.of(component);
  }

  function visit(value: JsonValue, id: string, around: Place | undefined): void {
    const place = findPlace(id) ?? around;
    if (Array.isArray(value)) return value.forEach((item, index) => visit(item, `${id}#${index}`, place));
    if (!isJsonObject(value)) {
      if (place?.section === false && value !== null) refuse(value, id, place);
      return;
    }
    const name = value['_target_'];
    let inner: Place | undefined;
    if (name !== undefined) {
      const target = getTarget(name, id, place);
      found.push({ id, target });
      collect(id, checkArguments(value, id, target, place));
      inner = place?.section ? undefined : { kind: target.kind, part: place?.part ?? '', section: false };
      visitAll(value['transforms'], `${id}#transforms`, inner);
      const { func } = value;
      if (isJsonObject(func) || Array.isArray(func)) visit(func, `${id}#func`, inner);
      return;
    }
    if (place?.section === false) {
      // Metrics stand in a section, each under its name.
      if (place.kind !== 'metric' || findPlace(id) === undefined) refuse(value, id, place);
      inner = place;
    }
    for (const [key, item] of Object.entries(value)) visit(item, id === '' ? key : `${id}#${key}`, inner);
  }

  function visitAll(value: JsonValue | undefined, id: string, place: Place | undefined): void {
    if (Array.isArray(value)) visit(value, id, place);
  }

  visit(document, '', undefined);
  collect('train#preprocessing', leadAugmentation(found));
  collect('device', leadDevice(document, origins));
  const applied = structuredClone(document);
  for (const [id, { value }] of values) setById(applied, id, value);
  return applied;
}

/** `document` without its components: what the schema describes. */
export function withoutComponents(document: JsonObject, prefix = ''): JsonObject {
  const name = document['_target_'];
  const target = typeof name === 'string' && findPlace(prefix)?.section ? findTarget(name) : undefined;
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(document)) {
    const id = prefix === '' ? key : `${prefix}#${key}`;
    if (id === '_meta_' || findPlace(id)?.section === false || isIgnored(document, key, prefix)) continue;
    if (target && (key === '_target_' || Object.hasOwn(target.args.shape, key))) continue;
    rest[key] = isJsonObject(value) ? withoutComponents(value, id) : value;
  }
  return rest;
}

function getTarget(name: JsonValue, id: string, place: Place | undefined): Target {
  const target = typeof name === 'string' ? findTarget(name) : undefined;
  const known = targets.filter(({ kind }) => kind === (place?.kind ?? kind)).map((candidate) => candidate.name);
  if (!target) {
    const short = String(name).split('.').at(-1)!;
    throw new ConfigError(`${id}#_target_`, `there is no component ${String(name)}${didYouMean(short, known)}`);
  }
  if (place && place.kind !== target.kind) {
    const problem = `expected a ${place.kind} (${known.join(' or ')}), got ${target.name}, which is a ${target.kind}`;
    throw new ConfigError(`${id}#_target_`, problem);
  }
  return target;
}

function checkArguments(value: JsonObject, id: string, target: Target, place: Place | undefined): Leads {
  const own = (key: string) => Object.hasOwn(target.args.shape, key);
  const keys = Object.keys(value).filter((key) => key !== '_target_' && !isIgnored(value, key, id));
  // A section's other arguments are its ids; a component that only others refer to is checked where it is used.
  const read = place && !place.section && !place.ignored ? keys : keys.filter(own);
  const checked = target.lead(Object.fromEntries(read.map((key) => [key, value[key]!])), place?.part ?? '');
  if ('issue' in checked) {
    const known = [...Object.keys(target.args.shape), ...target.ignored];
    throw toConfigError(checked.issue, { prefix: id, listKnownIds: () => known });
  }
  return place ? checked.leads : {};
}

function refuse(value: JsonValue, id: string, place: Place): never {
  throw new ConfigError(id, `expected a ${place.kind}: a section with _target_, got ${JSON.stringify(value)}`);
}

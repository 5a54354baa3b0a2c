// Replaces `@id` references and `$expression`s by their values, and takes out what is disabled.
import { ConfigError } from '@hovernet/core';
import { getById, toAbsoluteId } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

const wholeReference = /^@(#*\w+(?:(?:#|::)\w+)*)$/;

/** References that may lead to each other in a row. */
const maxChain = 500;

/** Values that references may lead to in all. */
const maxValues = 200_000;

/** Keys of a component that say how it is made, and are no arguments. */
const instructions = ['_disabled_', '_requires_', '_desc_', '_mode_'];
const modes = ['default', 'callable', 'debug'];

export interface ResolveOptions {
  /** Keys of a section whose values are Python's and are left out, references and all. @default none */
  readonly isIgnored?: (section: JsonObject, key: string, id: string) => boolean;
}

export interface ResolvedDocument {
  readonly document: JsonObject;
  /** Ids that something refers to. */
  readonly referenced: ReadonlySet<string>;
}

/** Stands for a component that `_disabled_` switches off. */
const disabled = Symbol('disabled');
type Resolved = JsonValue | typeof disabled;

/**
 * A copy of `document` without references, expressions and disabled components. Each id is resolved once. mathjs is loaded
 * only where an expression occurs, because that takes half a second. `_disabled_: true` takes a section out of the section
 * or list that it is in, and makes references to it null; `_requires_` names what must be there and lead into no circle;
 * `_desc_` is for readers; `_mode_` is one of MONAI's and changes nothing. Throws ConfigError for a reference to nothing
 * or to itself.
 */
export async function resolveReferences(document: JsonObject, options: ResolveOptions = {}): Promise<ResolvedDocument> {
  const { isIgnored = () => false } = options;
  const evaluate = hasExpression(document) ? (await import('./evaluate-expression.js')).evaluateExpression : undefined;
  const resolved = new Map<string, Resolved>();
  const referenced = new Set<string>();
  const open = new Set<string>();
  let budget = maxValues;

  function resolveId(id: string): Resolved {
    if (open.has(id)) throw new ConfigError(id, `it refers to itself: ${[...open, id].join(' → ')}`);
    const known = resolved.get(id);
    if (known !== undefined) return known;
    if (open.size === maxChain) throw new ConfigError(id, `more than ${maxChain} references in a row lead here`);
    open.add(id);
    const value = resolveValue(getById(document, id), id);
    open.delete(id);
    resolved.set(id, value);
    return value;
  }

  function resolveValue(value: JsonValue, id: string): Resolved {
    if (--budget < 0) throw new ConfigError(id, `references lead to more than ${maxValues} values`);
    if (typeof value === 'string') return resolveText(value, id);
    if (Array.isArray(value)) return value.map((_, index) => resolveId(`${id}#${index}`)).filter(isEnabled);
    return isJsonObject(value) ? resolveSection(value, id) : value;
  }

  function resolveText(text: string, id: string): JsonValue {
    const reference = wholeReference.exec(text)?.[1];
    if (reference !== undefined) return resolveAt(id, reference);
    return text.startsWith('$') ? evaluate!(text.slice(1), id, (name) => resolveAt(id, name)) : text;
  }

  /** The value at `reference`, which is used at `id`. */
  function resolveAt(id: string, reference: string): JsonValue {
    const target = toAbsoluteId(reference, id);
    try {
      getById(document, target);
    } catch (cause) {
      const problem = (cause as Error).message.replace(/^configuration /, '');
      throw new ConfigError(id, `@${reference} refers to nothing: ${problem}`, { cause });
    }
    referenced.add(target);
    const value = resolveId(target);
    if (value !== disabled) budget -= countValues(value, budget);
    return value === disabled ? null : value;
  }

  function resolveSection(section: JsonObject, id: string): Resolved {
    const prefix = id === '' ? '' : `${id}#`;
    const read = (key: string) => (Object.hasOwn(section, key) ? resolveId(prefix + key) : undefined);
    if (isTrue(read('_disabled_'), `${prefix}_disabled_`)) return disabled;
    requireAll(section['_requires_'], `${prefix}_requires_`);
    const mode = read('_mode_');
    if (mode !== undefined && !modes.includes(String(mode)))
      throw new ConfigError(`${prefix}_mode_`, `expected ${modes.join(' or ')}, got ${JSON.stringify(mode)}`);
    const keys = Object.keys(section).filter((key) => !instructions.includes(key) && !isIgnored(section, key, id));
    const entries = keys.map((key) => [key, resolveId(prefix + key)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => isEnabled(entry[1])));
  }

  function requireAll(required: JsonValue | undefined, id: string): void {
    for (const item of Array.isArray(required) ? required : [required ?? null]) {
      if (item === null) continue;
      if (typeof item !== 'string' || !/^[@$]/.test(item))
        throw new ConfigError(id, `expected references such as @network_def, got ${JSON.stringify(item)}`);
      resolveText(item, id);
    }
  }

  return { document: resolveSection(document, '') as JsonObject, referenced };
}

function isEnabled(value: Resolved): value is JsonValue {
  return value !== disabled;
}

/** MONAI takes the text `true` too, in any case. */
function isTrue(value: Resolved | undefined, id: string): boolean {
  if (value === undefined || value === null || value === disabled) return false;
  const text = String(value).toLowerCase();
  if (text !== 'true' && text !== 'false')
    throw new ConfigError(id, `expected True or False, got ${JSON.stringify(value)}`);
  return text === 'true';
}

/** Scalars in `value`, counted up to `limit`, so that sections that are shared many times over end. */
function countValues(value: JsonValue, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  for (const item of Object.values(value)) {
    count += 1 + countValues(item as JsonValue, limit - count);
    if (count > limit) break;
  }
  return count;
}

function hasExpression(value: JsonValue): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}

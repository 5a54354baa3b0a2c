// Replaces `@id` references and `$expression`s by their values.
import { ConfigError } from '@hovernet/core';
import { getById, splitId } from './id-path.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

const wholeReference = /^@(\w+(?:(?:#|::)\w+)*)$/;

/**
 * A copy of `document` without references and expressions. Each id is resolved once. mathjs is loaded only where an
 * expression occurs, because that takes half a second. Throws ConfigError for a reference to nothing or to itself.
 */
export async function resolveReferences(document: JsonObject): Promise<JsonObject> {
  const evaluate = hasExpression(document) ? (await import('./evaluate-expression.js')).evaluateExpression : undefined;
  const resolved = new Map<string, JsonValue>();
  const open: string[] = [];

  function resolveId(reference: string): JsonValue {
    const id = splitId(reference).join('#');
    if (open.includes(id)) throw new ConfigError(id, `it refers to itself: ${[...open, id].join(' → ')}`);
    const known = resolved.get(id);
    if (known !== undefined) return known;
    open.push(id);
    const value = resolveValue(getById(document, id), id);
    open.pop();
    resolved.set(id, value);
    return value;
  }

  function resolveValue(value: JsonValue, id: string): JsonValue {
    if (typeof value === 'string') {
      const reference = wholeReference.exec(value)?.[1];
      if (reference !== undefined) return resolveAt(id, reference);
      return value.startsWith('$') ? evaluate!(value.slice(1), id, (name) => resolveAt(id, name)) : value;
    }
    if (Array.isArray(value)) return value.map((_, index) => resolveId(`${id}#${index}`));
    if (isJsonObject(value)) return resolveObject(value, `${id}#`);
    return value;
  }

  /** The value at `reference`, which is used at `id`. */
  function resolveAt(id: string, reference: string): JsonValue {
    try {
      getById(document, reference);
    } catch (cause) {
      const problem = (cause as Error).message.replace(/^configuration /, '');
      throw new ConfigError(id, `@${reference} refers to nothing: ${problem}`, { cause });
    }
    return resolveId(reference);
  }

  function resolveObject(object: JsonObject, prefix: string): JsonObject {
    return Object.fromEntries(Object.keys(object).map((key) => [key, resolveId(`${prefix}${key}`)]));
  }

  return resolveObject(document, '');
}

function hasExpression(value: JsonValue): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}

// Every expression of a document that is neither arithmetic nor Python with a known form.
import { ConfigError } from '@hovernet/core';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/**
 * The problems of all expressions in `document`, also where the value is left out: what nobody knows must not pass as if it had been
 * done.
 */
export async function findUnknownPython(document: JsonObject): Promise<ConfigError[]> {
  const texts: [id: string, expression: string][] = [];
  collect(document, '', texts);
  if (texts.length === 0) return [];
  const { checkExpression } = await import('./evaluate-expression.js');
  return texts.flatMap(([id, expression]) => {
    try {
      checkExpression(expression, id);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return [error];
      throw error;
    }
  });
}

function collect(value: JsonValue, id: string, texts: [id: string, expression: string][]): void {
  if (typeof value === 'string') {
    if (value.startsWith('$')) texts.push([id, value.slice(1)]);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => collect(item, `${id}#${index}`, texts));
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, id === '' ? key : `${id}#${key}`, texts);
  }
}

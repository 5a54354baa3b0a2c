// A resolved document with every id that it leaves out, at its default.
import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { documentSchema } from './schema/configuration-schema.js';

/** A node of the JSON Schema that zod derives, as far as it is read here. */
export interface SchemaNode {
  readonly default?: JsonValue;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

let described: SchemaNode | undefined;

/** The schema of documents as JSON Schema: ids, types, defaults. */
export function describeSchema(): SchemaNode {
  described ??= z.toJSONSchema(documentSchema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  return described;
}

/** A copy of `document`, which has been checked, with the defaults of what it leaves out; ids keep their order. */
export function completeDocument(document: JsonObject): JsonObject {
  return complete(document, describeSchema());
}

function complete(section: JsonObject, { properties = {} }: SchemaNode): JsonObject {
  const completed = structuredClone(section);
  for (const [key, schema] of Object.entries(properties)) {
    const value = Object.hasOwn(completed, key) ? completed[key] : schema.default;
    if (value === undefined) continue;
    completed[key] = isJsonObject(value) ? complete(value, schema) : structuredClone(value);
  }
  return completed;
}

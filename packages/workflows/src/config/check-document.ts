// Turns a resolved document into a configuration, or into one sentence that says what is wrong with it.
import { ConfigError } from '@hovernet/core';
import { z } from 'zod';
import type { HovernetConfiguration } from './configuration.js';
import { isJsonObject, type JsonObject } from './json.js';
import { documentSchema, toConfiguration } from './schema/configuration-schema.js';
import { didYouMean } from './suggest.js';

/** The configuration that `document` describes. Throws ConfigError with the id of the first value that is wrong. */
export function checkDocument(document: JsonObject): HovernetConfiguration {
  const checked = documentSchema.safeParse(document, { reportInput: true });
  if (!checked.success) throw toConfigError(checked.error.issues[0]!);
  return { ...toConfiguration(checked.data), document };
}

/** Ids that may stand directly under `section` (parts of its path), for suggestions. */
export function listKnownIds(section: readonly PropertyKey[] = []): string[] {
  let schema: unknown = z.toJSONSchema(documentSchema, { io: 'input', unrepresentable: 'any' });
  for (const part of ['', ...section]) {
    if (part !== '') schema = (schema as JsonObject)[String(part)];
    schema = isJsonObject(schema) ? schema['properties'] : undefined;
  }
  return isJsonObject(schema) ? Object.keys(schema) : [];
}

function toConfigError(issue: z.core.$ZodIssue): ConfigError {
  const id = issue.path.join('#');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0]!;
      const prefix = issue.path.length === 0 ? '' : `${id}#`;
      const known = listKnownIds(issue.path).map((name) => prefix + name);
      return new ConfigError(prefix + key, `there is no such id${didYouMean(prefix + key, known)}`);
    }
    case 'invalid_type':
      return new ConfigError(id, `expected ${describeType(issue.expected)}, got ${show(issue.input)}`);
    case 'invalid_value':
      return new ConfigError(id, expectedOneOf(issue.values, issue.input));
    case 'invalid_union':
      return new ConfigError(id, expectedOneOf(unionValues(issue), issue.input));
    case 'too_small':
      return new ConfigError(
        id,
        `expected at least ${describeSize(issue.minimum, issue.origin)}, got ${show(issue.input)}`,
      );
    case 'too_big':
      return new ConfigError(
        id,
        `expected at most ${describeSize(issue.maximum, issue.origin)}, got ${show(issue.input)}`,
      );
    default:
      return new ConfigError(id, `${issue.message}, got ${show(issue.input)}`);
  }
}

/** What each alternative would have taken: values, types, sizes. */
function unionValues(issue: z.core.$ZodIssueInvalidUnion): unknown[] {
  return issue.errors.flat().flatMap((inner) => {
    if (inner.code === 'invalid_value') return inner.values;
    if (inner.code === 'invalid_type') return [describeType(inner.expected)];
    return inner.code === 'too_small' ? [`at least ${describeSize(inner.minimum, inner.origin)}`] : [];
  });
}

function expectedOneOf(values: readonly unknown[], input: unknown): string {
  const names = values.map(String);
  const hint = typeof input === 'string' ? didYouMean(input, names) : '';
  return `expected ${names.join(' or ')}, got ${show(input)}${hint}`;
}

function describeType(expected: string): string {
  const names: Record<string, string> = {
    int: 'an integer',
    number: 'a number',
    string: 'text',
    boolean: 'True or False',
    array: 'a list',
    tuple: 'a list',
    object: 'a section',
  };
  return names[expected] ?? expected;
}

function describeSize(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} character${limit === 1 ? '' : 's'}`;
  return origin === 'array' ? `${limit} elements` : String(limit);
}

function show(input: unknown): string {
  return input === undefined ? 'nothing' : (JSON.stringify(input) ?? String(input));
}

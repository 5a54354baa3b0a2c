// What zod found wrong, as one sentence with the id.
import { ConfigError } from '@hovernet/core';
import type { z } from 'zod';
import { didYouMean } from './suggest.js';

export interface IssueContext {
  /** Id that the issue's path starts from; empty for the document. */
  readonly prefix: string;
  /** Names that may stand in the section at a path, for suggestions. */
  readonly listKnownIds: (section: readonly PropertyKey[]) => readonly string[];
}

export function toConfigError(issue: z.core.$ZodIssue, { prefix: start, listKnownIds }: IssueContext): ConfigError {
  const id = [...(start === '' ? [] : [start]), ...issue.path].join('#');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0]!;
      const prefix = id === '' ? '' : `${id}#`;
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

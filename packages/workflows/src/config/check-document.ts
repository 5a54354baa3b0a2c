// Turns a resolved document into a configuration, or into sentences that say what is wrong with it.
import { ConfigError } from '@hovernet/core';
import { applyComponents, withoutComponents } from './check-components.js';
import { completeDocument, describeSchema } from './complete-document.js';
import type { HovernetConfiguration } from './configuration.js';
import { toConfigError } from './describe-issue.js';
import type { JsonObject } from './json.js';
import { documentSchema, toConfiguration } from './schema/configuration-schema.js';

/** The configuration that `document` describes. Throws ConfigError with the id of the first value that is wrong. */
export function checkDocument(document: JsonObject): HovernetConfiguration {
  const applied = applyComponents(document);
  const checked = documentSchema.safeParse(withoutComponents(applied), { reportInput: true });
  if (!checked.success) throw toConfigError(checked.error.issues[0]!, issueContext);
  return { ...toConfiguration(checked.data), document: completeDocument(applied) };
}

/** What {@link checkDocument} would refuse, all of it; where components are wrong, the first of them. */
export function listProblems(document: JsonObject): ConfigError[] {
  let applied: JsonObject;
  try {
    applied = applyComponents(document);
  } catch (error) {
    if (error instanceof ConfigError) return [error];
    throw error;
  }
  const checked = documentSchema.safeParse(withoutComponents(applied), { reportInput: true });
  return checked.error?.issues.map((issue) => toConfigError(issue, issueContext)) ?? [];
}

/** Ids that may stand directly under `section` (parts of its path). */
function listKnownIds(section: readonly PropertyKey[]): string[] {
  let schema = describeSchema();
  for (const part of section) schema = schema.properties?.[String(part)] ?? {};
  return Object.keys(schema.properties ?? {});
}

const issueContext = { prefix: '', listKnownIds };

// Turns a resolved document into a configuration, or into sentences that say what is wrong with it.
import { ConfigError } from '@hovernet/core';
import { applyComponents, withoutComponents } from './check-components.js';
import { completeDocument, describeSchema } from './complete-document.js';
import type { HovernetConfiguration } from './configuration.js';
import { toConfigError } from './describe-issue.js';
import type { JsonObject } from './json.js';
import { documentSchema, toConfiguration } from './schema/configuration-schema.js';

/** A configuration, or everything that is wrong with the document. */
export type CheckedDocument =
  | { readonly config: HovernetConfiguration; readonly problems: readonly [] }
  | { readonly config: null; readonly problems: readonly [ConfigError, ...ConfigError[]] };

/** The configuration that `document` describes. Throws ConfigError with the id of the first value that is wrong. */
export function checkDocument(document: JsonObject): HovernetConfiguration {
  const { config, problems } = examineDocument(document);
  if (config === null) throw problems[0];
  return config;
}

/** As {@link checkDocument}, with every problem; where components are wrong, the first of them. */
export function examineDocument(document: JsonObject): CheckedDocument {
  let applied: JsonObject;
  try {
    applied = applyComponents(document);
  } catch (error) {
    if (error instanceof ConfigError) return { config: null, problems: [error] };
    throw error;
  }
  const checked = documentSchema.safeParse(withoutComponents(applied), { reportInput: true });
  if (!checked.success) {
    const [first, ...others] = checked.error.issues.map((issue) => toConfigError(issue, issueContext));
    return { config: null, problems: [first!, ...others] };
  }
  return { config: { ...toConfiguration(checked.data), document: completeDocument(applied) }, problems: [] };
}

/** Ids that may stand directly under `section` (parts of its path). */
function listKnownIds(section: readonly PropertyKey[]): string[] {
  let schema = describeSchema();
  for (const part of section) schema = schema.properties?.[String(part)] ?? {};
  return Object.keys(schema.properties ?? {});
}

const issueContext = { prefix: '', listKnownIds };

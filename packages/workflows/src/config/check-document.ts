// Turns a resolved document into a configuration, or into sentences that say what is wrong with it.
import { ConfigError } from '@hovernet/core';
import { pureVariables } from './apply-variables.js';
import { applyComponents, withoutComponents } from './check-components.js';
import { completeDocument, describeSchema } from './complete-document.js';
import type { HovernetConfiguration } from './configuration.js';
import { toConfigError } from './describe-issue.js';
import type { JsonObject } from './json.js';
import { Origins } from './origins.js';
import { documentSchema, toConfiguration } from './schema/configuration-schema.js';

/** A configuration, or everything that is wrong with the document. */
export type CheckedDocument =
  | { readonly config: HovernetConfiguration; readonly problems: readonly [] }
  | { readonly config: null; readonly problems: readonly [ConfigError, ...ConfigError[]] };

/** The configuration that `document` describes. Throws ConfigError with every problem, the first one's id. */
export function checkDocument(document: JsonObject, origins = new Origins()): HovernetConfiguration {
  const { config, problems } = examineDocument(document, origins);
  if (config === null) throw joinProblems(problems);
  return config;
}

/** One error that tells all of `problems`, each on a line of its own; the first `most` of them. */
export function joinProblems(problems: readonly ConfigError[], most = 20): ConfigError {
  const [first, ...others] = problems as readonly [ConfigError, ...ConfigError[]];
  if (others.length === 0) return first;
  const lines = others.slice(0, most - 1).map(({ message }) => message);
  if (others.length >= most) lines.push(`and ${others.length - most + 1} more`);
  const text = first.message.replace(`configuration ${first.id}: `, '');
  return new ConfigError(first.id, [text, ...lines].join('\n'), { cause: first });
}

/** As {@link checkDocument}, with every problem; where components are wrong, the first of them. */
export function examineDocument(document: JsonObject, origins = new Origins()): CheckedDocument {
  let applied: JsonObject;
  try {
    applied = applyComponents(document, origins);
  } catch (error) {
    if (error instanceof ConfigError) return { config: null, problems: [error] };
    throw error;
  }
  const checked = documentSchema.safeParse(withoutComponents(applied), { reportInput: true });
  if (!checked.success) {
    const [first, ...others] = checked.error.issues.map((issue) => toConfigError(issue, issueContext));
    return { config: null, problems: [first!, ...others] };
  }
  return { config: { ...toConfiguration(checked.data), document: canonicalize(applied) }, problems: [] };
}

/**
 * `document`, which has been checked, with each value once: under its id, without components and variables that say it too. Network,
 * loss, optimizer and schedule keep their components, which say nothing else.
 */
function canonicalize(document: JsonObject): JsonObject {
  const { _meta_: metadata } = document;
  const kept = ['network_def', 'loss', 'optimizer', 'lr_scheduler'].filter((id) => Object.hasOwn(document, id));
  const single = {
    ...withoutComponents(document),
    ...Object.fromEntries(kept.map((id) => [id, document[id]!])),
    ...(metadata !== undefined && { _meta_: metadata }),
  };
  const listed = Object.entries(single).filter(([id]) => !pureVariables.includes(id));
  return completeDocument(Object.fromEntries(listed));
}

/** Ids that may stand directly under `section` (parts of its path). */
function listKnownIds(section: readonly PropertyKey[]): string[] {
  let schema = describeSchema();
  for (const part of section) schema = schema.properties?.[String(part)] ?? {};
  return Object.keys(schema.properties ?? {});
}

const issueContext = { prefix: '', listKnownIds };

// From files and overrides to a configuration.
import { ConfigError } from '@hovernet/core';
import type { HovernetConfiguration } from './configuration.js';
import { applyVariables } from './apply-variables.js';
import { checkDocument } from './check-document.js';
import { splitId } from './id-path.js';
import type { JsonObject, JsonValue } from './json.js';
import { loadDocument } from './load-document.js';
import { mergeEntry } from './merge-entry.js';
import { commandLine, Origins } from './origins.js';
import { readMetadata } from './read-metadata.js';
import { resolveMacros } from './resolve-macros.js';
import { resolveReferences } from './resolve-references.js';
import { describeSchema } from './complete-document.js';
import { findPlace, isIgnored } from './targets/registry.js';

export interface ConfigurationSource {
  /** Files, merged in their order. */
  readonly files: readonly string[];
  /** Ids and values that are set after merging, in their order; `+` before an id merges. @default [] */
  readonly overrides?: readonly (readonly [id: string, value: JsonValue])[];
  /** Metadata of the bundle, which other ids refer to as `@_meta_#…`; saved with results. @default none */
  readonly metadataFile?: string;
}

/** Reads, merges, overrides, resolves and checks. Throws FileError or ConfigError, one sentence each. */
export async function loadConfiguration(source: ConfigurationSource): Promise<HovernetConfiguration> {
  const { document, origins } = await loadResolved(source);
  return checkDocument(document, origins);
}

/** A document without references, and who set what in it. */
export interface LoadedDocument {
  readonly document: JsonObject;
  readonly origins: Origins;
}

/** The document of {@link loadConfiguration} before it is checked. */
export async function loadResolved({
  files,
  overrides = [],
  metadataFile,
}: ConfigurationSource): Promise<LoadedDocument> {
  const origins = new Origins();
  const merged = await loadDocument(files, origins);
  if (metadataFile !== undefined) merged['_meta_'] = await readMetadata(metadataFile);
  const isFollowed = JSON.stringify(merged).includes('@bundle_root');
  for (const [id, value] of overrides) {
    if (id === 'bundle_root' && !isFollowed) {
      const problem = 'nothing in these files refers to it; give weights, output_dir, ckpt_dir, dataset_dir instead';
      throw new ConfigError(id, problem);
    }
    mergeEntry(merged, id, value);
    origins.note(id, commandLine);
  }
  const expanded = await resolveMacros(merged);
  const { document, referenced } = await resolveReferences(completeWorkflow(expanded.document), { isIgnored });
  const used = new Set([...expanded.copied, ...referenced].map((id) => splitId(id)[0]!));
  // Ids of the user's own are for others to refer to; one that nothing refers to is a slip, which the check names.
  const known = Object.fromEntries(Object.entries(document).filter(([id]) => isKnown(id) || !used.has(id)));
  return { document: applyVariables(known, expanded.document, origins), origins };
}

function isKnown(id: string): boolean {
  return id === '_meta_' || Object.hasOwn(describeSchema().properties ?? {}, id) || findPlace(id) !== undefined;
}

/** Documents of MONAI's name no workflow: the engine that `run` names tells. */
const byEngine: readonly (readonly [pattern: RegExp, workflow: string])[] = [
  [/@train(?:#|::)trainer\b/, 'train'],
  [/@validate(?:#|::)evaluator\b/, 'evaluate'],
  [/@evaluator\b/, 'infer'],
];

/** `document` with the `workflow` that its `run` starts, where it says none itself: that of the engine that `run` names. */
function completeWorkflow(document: JsonObject): JsonObject {
  if ('workflow' in document) return document;
  const steps = JSON.stringify(document['run'] ?? null);
  const workflow: JsonValue | undefined = byEngine.find(([pattern]) => pattern.test(steps))?.[1];
  return workflow === undefined ? document : { ...document, workflow };
}

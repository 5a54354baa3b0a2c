// From files and overrides to a configuration.
import { ConfigError } from '@hovernet/core';
import type { HovernetConfiguration } from './configuration.js';
import { applyVariables } from './apply-variables.js';
import { checkDocument, joinProblems } from './check-document.js';
import { findUnknownPython } from './check-python.js';
import { findById, setById, splitId } from './id-path.js';
import type { JsonObject, JsonValue } from './json.js';
import { loadDocument } from './load-document.js';
import { mergeEntry } from './merge-entry.js';
import { commandLine, Origins } from './origins.js';
import { leadPython, readFiles } from './python-forms.js';
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
  /** List of steps to run, as bundles of several have it. @default 'run' */
  readonly runId?: string;
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
  runId,
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
  const unknown = await findUnknownPython(expanded.document);
  if (unknown.length > 0) throw joinProblems(unknown.map((problem) => nameFile(problem, files, origins)));
  const { document, referenced } = await resolveReferences(completeWorkflow(expanded.document, runId), { isIgnored });
  const used = new Set([...expanded.copied, ...referenced].map((id) => splitId(id)[0]!));
  // Ids of the user's own are for others to refer to; one that nothing refers to is a slip, which the check names.
  const known = Object.fromEntries(
    Object.entries(document).filter(([id, value]) => isKnown(id) || !(used.has(id) || isPython(value))),
  );
  applyPython(known, expanded.document, origins);
  return { document: applyVariables(known, expanded.document, origins), origins };
}

/** Sets in place what Python at the top level means, where nobody set it later. */
function applyPython(document: JsonObject, written: JsonObject, origins: Origins): void {
  for (const { from, leads } of leadPython(written)) {
    for (const [id, value] of Object.entries(leads)) {
      if (findById(document, id) !== undefined && origins.of(id) > origins.of(from)) continue;
      setById(document, id, value);
      origins.note(id, origins.of(from));
    }
  }
}

/** The same problem with the file that the value comes from. */
function nameFile(problem: ConfigError, files: readonly string[], origins: Origins): ConfigError {
  const file = files[origins.of(problem.id)];
  if (file === undefined) return problem;
  const text = problem.message.replace(`configuration ${problem.id}: `, '');
  return new ConfigError(problem.id, `${text} (in ${file})`, { cause: problem });
}

/** Lists of files that a later file no longer needs are no slips. */
function isPython(value: JsonValue): boolean {
  return readFiles(value) !== undefined;
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

/**
 * `document` with the `workflow` that it starts, where it says none itself: that of the engine in the steps of `runId`, or of older
 * bundles' lists of steps, of which the last file's counts.
 */
function completeWorkflow(document: JsonObject, runId = 'run'): JsonObject {
  if ('workflow' in document) return document;
  const last = Object.keys(document).findLast((key) => key === 'training' || key === 'evaluating');
  const steps = JSON.stringify(document[runId] ?? document['run'] ?? document[last ?? ''] ?? null);
  const workflow: JsonValue | undefined = byEngine.find(([pattern]) => pattern.test(steps))?.[1];
  return workflow === undefined ? document : { ...document, workflow };
}

// From files and overrides to a configuration.
import type { HovernetConfiguration } from './configuration.js';
import { checkDocument } from './check-document.js';
import { setById } from './id-path.js';
import type { JsonValue } from './json.js';
import { loadDocument } from './load-document.js';
import { resolveReferences } from './resolve-references.js';

export interface ConfigurationSource {
  /** Files, merged in their order. */
  readonly files: readonly string[];
  /** Ids and values that are set after merging, in their order. @default [] */
  readonly overrides?: readonly (readonly [id: string, value: JsonValue])[];
}

/** Reads, merges, overrides, resolves and checks. Throws FileError or ConfigError, one sentence each. */
export async function loadConfiguration(source: ConfigurationSource): Promise<HovernetConfiguration> {
  const document = await loadDocument(source.files);
  for (const [id, value] of source.overrides ?? []) setById(document, id, value);
  return checkDocument(await resolveReferences(document));
}

// What `hovernet config` tells of a configuration.
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { meaningOf } from './apply-variables.js';
import { checkDocument, examineDocument } from './check-document.js';
import { findById, getById, splitId } from './id-path.js';
import type { JsonObject, JsonValue } from './json.js';
import { loadResolved, type ConfigurationSource } from './load-configuration.js';
import { hashConfiguration } from './save-configuration.js';

/**
 * Every id with its value, once, or what is at `id`: as YAML for people, with the hash of the whole in a comment before it, and as
 * `{hash, id, configuration}` in the document. Throws as loadConfiguration, and ConfigError for an id that is not there.
 */
export async function showConfiguration(source: ConfigurationSource, id?: string): Promise<WorkflowOutcome> {
  const resolved = await loadResolved(source);
  const config = checkDocument(resolved.document, resolved.origins);
  const hash = hashConfiguration(config);
  const value = id === undefined ? config.document : findValue(id, config.document, resolved.document);
  const { stringify } = await import('yaml');
  const yaml = stringify(value, { aliasDuplicateObjects: false, flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
  return {
    document: { hash, ...(id !== undefined && { id: splitId(id).join('#') }), configuration: value },
    summary: `# ${hash}\n${yaml}`,
  };
}

/** The value at `id`, which may stand for another id or for something in a component. */
function findValue(id: string, document: JsonObject, resolved: JsonObject): JsonValue {
  const meant = meaningOf(splitId(id).join('#'));
  return findById(document, meant) ?? findById(resolved, id) ?? getById(document, meant);
}

/** Says that the configuration can be used, with its hash. Throws the last of its problems after telling the others. */
export async function checkConfiguration(
  source: ConfigurationSource,
  { reporter }: Pick<WorkflowContext, 'reporter'>,
): Promise<WorkflowOutcome> {
  const { document, origins } = await loadResolved(source);
  const { config, problems } = examineDocument(document, origins);
  if (config === null) {
    for (const problem of problems.slice(0, -1)) reporter.message(`hovernet: ${problem.message}`);
    throw problems.at(-1)!;
  }
  const hash = hashConfiguration(config);
  return { document: { ok: true, workflow: config.workflow, hash }, summary: `ok: ${config.workflow}, ${hash}` };
}

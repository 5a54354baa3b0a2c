// What `hovernet config` tells of a configuration.
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { examineDocument } from './check-document.js';
import { getById, splitId } from './id-path.js';
import { loadConfiguration, loadResolved, type ConfigurationSource } from './load-configuration.js';
import { hashConfiguration } from './save-configuration.js';

/**
 * Every id with its value, or those at `id`: as YAML for people, with the hash of the whole in a comment before it, and as
 * `{hash, id, configuration}` in the document. Throws as loadConfiguration, and ConfigError for an id that is not there.
 */
export async function showConfiguration(source: ConfigurationSource, id?: string): Promise<WorkflowOutcome> {
  const config = await loadConfiguration(source);
  const hash = hashConfiguration(config);
  const value = id === undefined ? config.document : getById(config.document, id);
  const { stringify } = await import('yaml');
  const yaml = stringify(value, { aliasDuplicateObjects: false, flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
  return {
    document: { hash, ...(id !== undefined && { id: splitId(id).join('#') }), configuration: value },
    summary: `# ${hash}\n${yaml}`,
  };
}

/** Says that the configuration can be used, with its hash. Throws the last of its problems after telling the others. */
export async function checkConfiguration(
  source: ConfigurationSource,
  { reporter }: Pick<WorkflowContext, 'reporter'>,
): Promise<WorkflowOutcome> {
  const { config, problems } = examineDocument(await loadResolved(source));
  if (config === null) {
    for (const problem of problems.slice(0, -1)) reporter.message(`hovernet: ${problem.message}`);
    throw problems.at(-1)!;
  }
  const hash = hashConfiguration(config);
  return { document: { ok: true, workflow: config.workflow, hash }, summary: `ok: ${config.workflow}, ${hash}` };
}

// From a command's arguments to the workflow that the configuration names.
import type { HovernetConfiguration, WorkflowName } from '../config/configuration.js';
import type { ConfigurationSource } from '../config/load-configuration.js';
import type { PackagedName } from '../config/load-document.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { readArguments, type ConfigurationFlags } from './configuration-arguments.js';

/** Reads the configuration over the files `packaged`, sets up the log, and runs the workflow. */
export async function runConfigured(
  flags: ConfigurationFlags,
  overrides: readonly string[],
  packaged: readonly PackagedName[],
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { packagedFile } = await import('../config/load-document.js');
  const { loadConfiguration } = await import('../config/load-configuration.js');
  const { source, loggingFile } = await readArguments(flags, overrides, packaged.map(packagedFile));
  const config = await loadConfiguration(withWorkflow(source, packaged.at(-1)));
  const surroundings = loggingFile === undefined ? context : await withLog(loggingFile, context);
  return startWorkflow(config, surroundings, { mayTakeShipped: asksForNoNetwork(source, packaged) });
}

/** Whether neither files nor flags say anything of the network: `hovernet infer` of a newcomer. */
function asksForNoNetwork({ files, overrides = [] }: ConfigurationSource, packaged: readonly PackagedName[]): boolean {
  if (packaged.at(-1) !== 'inference' || files.length > packaged.length) return false;
  return !overrides.some(([id]) => /^\+?(?:weights|hovernet_mode|handlers|network_def)\b/.test(id));
}

const workflows: Partial<Record<PackagedName, WorkflowName>> = {
  train: 'train',
  evaluate: 'evaluate',
  inference: 'infer',
};

/** `hovernet evaluate` evaluates, whatever workflow a saved configuration among its files names. */
function withWorkflow(source: ConfigurationSource, packaged: PackagedName | undefined): ConfigurationSource {
  const workflow = packaged && workflows[packaged];
  if (workflow === undefined) return source;
  return { ...source, overrides: [['workflow', workflow], ...(source.overrides ?? [])] };
}

/** Loads and runs `config.workflow`; `mayTakeShipped` as for inference. */
export async function startWorkflow(
  config: HovernetConfiguration,
  context: WorkflowContext,
  options: { readonly mayTakeShipped?: boolean } = {},
): Promise<WorkflowOutcome> {
  switch (config.workflow) {
    case 'train':
      return (await import('../training/run-training.js')).runTraining(config, context);
    case 'evaluate':
      return (await import('../evaluation/run-evaluation.js')).runEvaluation(config, context);
    case 'infer':
      return (await import('../inference/run-inference.js')).runInference(config, context, options);
  }
}

async function withLog(loggingFile: string, context: WorkflowContext): Promise<WorkflowContext> {
  const { readLogging } = await import('../config/read-logging.js');
  const { createLogReporter } = await import('../report/log-reporter.js');
  return { ...context, reporter: createLogReporter(context.reporter, await readLogging(loggingFile)) };
}

// From a configuration to the workflow that it names.
import type { HovernetConfiguration } from '../config/configuration.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';

/** Loads and runs `config.workflow`. */
export async function startWorkflow(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  switch (config.workflow) {
    case 'train':
      return (await import('../training/run-training.js')).runTraining(config, context);
    case 'evaluate':
      return (await import('../evaluation/run-evaluation.js')).runEvaluation(config, context);
    case 'infer':
      return (await import('../inference/run-inference.js')).runInference(config, context);
  }
}

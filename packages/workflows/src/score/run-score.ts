// The score workflow: metrics of predicted maps against true ones, file by file.
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { pairFiles } from './pair-files.js';
import { scoreInstanceMaps } from './score-instance-maps.js';
import type { ScoreOptions } from './score-options.js';
import { scoreTypedNuclei } from './score-typed-nuclei.js';

/** Scores every pair of files. A file that cannot be read is told, the rest is scored; all bad is an error. */
export async function runScore(options: ScoreOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { pairs, unpaired } = await pairFiles(options.truthFolder, options.predictionFolder);
  const failures = unpaired.map((name) => `${name}: only one of the folders has it; it is not scored`);
  if (options.mode === 'instance') return scoreInstanceMaps(pairs, { ...options, failures }, context);
  return scoreTypedNuclei(pairs, { ...options, failures }, context);
}

// Public interface of @hovernet/workflows.
export { runEvaluation } from './evaluation/run-evaluation.js';
export { runInference } from './inference/run-inference.js';
export { runPostprocess, type PostprocessOptions } from './postprocess/run-postprocess.js';
export { runPreparation } from './prepare/run-preparation.js';
export { runScore, type ScoreOptions } from './score/run-score.js';
export { runTraining } from './training/run-training.js';
export type * from './config/configuration.js';
export { loadConfiguration, type ConfigurationSource } from './config/load-configuration.js';
export { packagedFile } from './config/load-document.js';
export { formatTable, type TableCell, type TableOptions } from './report/format-table.js';
export { openJsonLines, type JsonLinesOptions, type JsonLinesWriter } from './report/json-lines.js';
export { renderCurve, type CurveOptions, type CurveSeries } from './report/render-curve.js';
export { createReporter } from './report/reporter.js';
export type { Progress, ProgressOptions, Reporter } from '@hovernet/core';
export type { ReporterOptions } from './report/reporter.js';
export type { TextStream } from './report/text-stream.js';
export type { WorkflowContext, WorkflowOutcome } from './workflow-context.js';

// Weights as a file for another runtime.
import { UnsupportedError } from '@hovernet/core';
import type { WorkflowOutcome } from '../workflow-context.js';

export type ExportTarget = 'onnx' | 'safetensors' | 'tfjs';
export type ExportPrecision = 'float32' | 'float16' | 'int8';

export interface ExportOptions {
  /** Checkpoint to read. */
  readonly weightsPath: string;
  readonly target: ExportTarget;
  /** File to write. */
  readonly outputPath: string;
  readonly precision: ExportPrecision;
  /** Side of the input in pixels; undefined for the network's own. */
  readonly windowPx: number | undefined;
}

export function exportWeights(options: ExportOptions): Promise<WorkflowOutcome> {
  return Promise.reject(new UnsupportedError(`export to ${options.target} is not part of this version`));
}

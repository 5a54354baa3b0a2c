// The export workflow: weights as a file for another runtime.
import { UnsupportedError } from '@hovernet/core';
import { writeFileAtomic } from '@hovernet/data';
import { describeConfig, encodeSafetensors } from '@hovernet/model';
import { readCheckpoint } from '../network/checkpoint.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { defaultWindowPx, encodeForwardModel } from './encode-forward-model.js';

export type ExportTarget = 'onnx' | 'safetensors' | 'tfjs';
export type ExportPrecision = 'float32' | 'float16' | 'int8';

export interface ExportOptions {
  /** Checkpoint to read. */
  readonly weightsPath: string;
  readonly target: ExportTarget;
  /** File to write. */
  readonly outputPath: string;
  readonly precision: ExportPrecision;
  /** Side of the input in pixels, for targets that fix it; undefined for the network's own. */
  readonly windowPx: number | undefined;
}

/**
 * Writes the network of a checkpoint: `onnx` as a model of one window with the weights inside, `safetensors` as weights
 * alone, without the state of training. A former file stays whole until the new one is complete.
 * @throws UnsupportedError for another target or precision; FileError or WeightsError for the checkpoint; ShapeError for a
 * window that does not fit the network.
 */
export async function exportWeights(options: ExportOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { weightsPath, target, outputPath, precision } = options;
  assertSupported(options);
  const { config, classes, state } = await readCheckpoint(weightsPath);
  context.signal.throwIfAborted();
  const windowPx = target === 'onnx' ? (options.windowPx ?? defaultWindowPx(config)) : null;
  const bytes =
    windowPx === null
      ? encodeSafetensors(state, describeConfig(config, classes))
      : encodeForwardModel({ config, classes, state }, { windowPx });
  await writeFileAtomic(outputPath, bytes);
  return {
    document: { file: outputPath, format: target, precision, window: windowPx, bytes: bytes.length },
    summary: `${outputPath}  ${(bytes.length / 1e6).toFixed(1)} MB`,
  };
}

function assertSupported({ target, precision }: ExportOptions): void {
  if (target === 'tfjs') {
    throw new UnsupportedError('export to tfjs is not supported yet; export to onnx or safetensors');
  }
  if (precision !== 'float32') {
    throw new UnsupportedError(`export in ${precision} is not supported yet; use --precision float32`);
  }
}

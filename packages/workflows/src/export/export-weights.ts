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
  /** Whether an onnx model takes any number of windows at once. */
  readonly dynamicBatch: boolean;
  /** Images that int8 measures its ranges on. */
  readonly calibration: string | undefined;
}

/**
 * Writes the network of a checkpoint: `onnx` as a model of one window with the weights inside, `safetensors` as weights
 * alone, without the state of training. A former file stays whole until the new one is complete.
 * @throws UnsupportedError for another target, or a precision or batch that the target does not have; FileError or
 * WeightsError for the checkpoint; ShapeError for a window that does not fit the network; ArgumentError for int8 without images.
 */
export async function exportWeights(options: ExportOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { weightsPath, target, outputPath, dynamicBatch, calibration } = options;
  const precision = supportedPrecision(options);
  const { config, classes, state } = await readCheckpoint(weightsPath);
  context.signal.throwIfAborted();
  const windowPx = target === 'onnx' ? (options.windowPx ?? defaultWindowPx(config)) : null;
  const bytes =
    windowPx === null
      ? encodeSafetensors(state, describeConfig(config, classes))
      : await encodeForwardModel({ config, classes, state }, { windowPx, precision, dynamicBatch, calibration });
  await writeFileAtomic(outputPath, bytes);
  return {
    document: {
      file: outputPath,
      format: target,
      precision,
      window: windowPx,
      dynamic_batch: dynamicBatch,
      bytes: bytes.length,
    },
    summary: `${outputPath}  ${(bytes.length / 1e6).toFixed(1)} MB`,
  };
}

/** The precision, where the target has it and whatever else is asked. */
function supportedPrecision({ target, precision, dynamicBatch }: ExportOptions): ExportPrecision {
  if (target === 'tfjs') {
    throw new UnsupportedError('export to tfjs is not supported yet; export to onnx or safetensors');
  }
  if (target === 'safetensors' && (precision !== 'float32' || dynamicBatch)) {
    throw new UnsupportedError(
      'export to safetensors: weights stay as they are; leave out --precision and --dynamic_batch',
    );
  }
  return precision;
}

// The export workflow: weights as a file for another runtime.
import { UnsupportedError, type Reference, type Reporter } from '@hovernet/core';
import { writeFileAtomic } from '@hovernet/files/node';
import { encodeCheckpoint, type CheckpointFormat, type HoverNetConfig } from '@hovernet/model';
import { loadWeights, type Weights } from '@hovernet/model/node';
import { findShippedWeights } from '../network/choose-weights.js';
import { reportCheckpoint } from '../network/report-checkpoint.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { defaultWindowPx, encodeForwardModel } from './encode-forward-model.js';
import { writeTfjsModel } from './write-tfjs-model.js';

/** `onnx` and `tfjs` are models, the others weights: see `encodeCheckpoint`. */
export type ExportTarget = 'onnx' | 'tfjs' | CheckpointFormat;
export type ExportPrecision = 'float32' | 'float16' | 'int8';

export interface ExportOptions {
  /** Weights to read, in any format that `loadWeights` knows, or `lite-consep`. */
  readonly weightsPath: string;
  readonly target: ExportTarget;
  /** File to write; for tfjs the folder of the model. */
  readonly outputPath: string;
  readonly precision: ExportPrecision;
  /** Side of the input in pixels, for targets that fix it; undefined for the network's own. */
  readonly windowPx: number | undefined;
  /** Whether an onnx model takes any number of windows at once. */
  readonly dynamicBatch: boolean;
  /** Whether an onnx model takes windows of any size that fits. */
  readonly dynamicSize: boolean;
  /** Images that int8 measures its ranges on. */
  readonly calibration: string | undefined;
  /** What the file says of its licence; undefined for what the weights say. */
  readonly license: string | undefined;
}

/**
 * Writes the network of a checkpoint: `onnx` as a model of one window with the weights inside; `safetensors` as weights
 * that describe themselves, with filters in float16 where asked; `monai-model` and `original` as the PyTorch files that MONAI and the original repository read,
 * with the same description beside the weights; `monai` as the bare state dict; `tfjs` as a graph model of TensorFlow.js,
 * a folder of files, for windows of any size and number. The state of training is left out. What was there stays whole
 * until the new one is complete.
 * @throws UnsupportedError for a precision, batch or licence that the target does not have; FileError or WeightsError for the
 * checkpoint; ShapeError for a window that does not fit the network; ArgumentError for int8 without images, and for a
 * folder with other files than a model's.
 */
export async function exportWeights(options: ExportOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { weightsPath, target, outputPath, dynamicBatch, dynamicSize, calibration, license } = options;
  const precision = supportedPrecision(options);
  const checkpoint = withLicense(await loadWeights(findShippedWeights(weightsPath) ?? weightsPath), license);
  context.signal.throwIfAborted();
  const { config, state } = checkpoint;
  const windowPx = options.windowPx ?? defaultWindowPx(config);
  const halves = precision === 'float16';
  let byteCount: number;
  if (target === 'tfjs') {
    byteCount = await writeTfjsModel(outputPath, checkpoint, { precision: halves ? 'float16' : 'float32' });
  } else {
    const bytes = isWeightFormat(target)
      ? encodeCheckpoint(state, {
          ...checkpoint,
          format: target,
          metadata: {},
          extras: new Map(),
          ...(halves && { precision: 'float16' }),
        })
      : await encodeForwardModel(checkpoint, { windowPx, precision, dynamicBatch, dynamicSize, calibration });
    await writeFileAtomic(outputPath, bytes);
    byteCount = bytes.length;
  }
  reportCheckpoint(context.reporter, weightsPath, checkpoint);
  if (isWeightFormat(target)) reportGraph(context.reporter, outputPath, { format: target, config });
  return {
    document: {
      file: outputPath,
      format: target,
      precision,
      window: target === 'onnx' ? windowPx : null,
      dynamic_batch: dynamicBatch || target === 'tfjs',
      dynamic_size: dynamicSize || target === 'tfjs',
      bytes: byteCount,
    },
    summary: `${outputPath}  ${(byteCount / 1e6).toFixed(1)} MB`,
  };
}

/** The precision, where the target has it and whatever else is asked. */
function supportedPrecision({ target, precision, dynamicBatch, dynamicSize, license }: ExportOptions): ExportPrecision {
  if (target === 'monai' && license !== undefined) {
    throw new UnsupportedError('export to monai: a bare state dict cannot store a licence; export to monai-model');
  }
  if ((target === 'tfjs' || target === 'safetensors') && precision === 'int8') {
    throw new UnsupportedError(
      `export to ${target}: expected --precision float32 or float16, got int8; export it to onnx`,
    );
  }
  const fixed = precision !== 'float32' && target !== 'safetensors';
  if (isWeightFormat(target) && (fixed || dynamicBatch || dynamicSize)) {
    throw new UnsupportedError(
      `export to ${target}: the weights are not converted; omit --precision, --dynamic_batch and --dynamic_size`,
    );
  }
  return precision;
}

function withLicense(checkpoint: Weights, license: string | undefined): Weights {
  return license === undefined ? checkpoint : { ...checkpoint, license };
}

function isWeightFormat(target: ExportTarget): target is CheckpointFormat {
  return target !== 'onnx' && target !== 'tfjs';
}

/** Whose graph the readers of a format run; safetensors say it in the file. */
const readers: Readonly<Partial<Record<CheckpointFormat, Reference>>> = {
  monai: 'monai',
  'monai-model': 'monai',
  original: 'hover_net',
};

/** Warns where a file at `path` is written for a published implementation in whose graph its weights do not belong. */
function reportGraph(
  reporter: Reporter,
  path: string,
  { format, config }: { readonly format: CheckpointFormat; readonly config: HoverNetConfig },
): void {
  const reader = readers[format];
  const { reference } = config;
  if (reader === undefined || reader === reference) return;
  reporter.message(
    `${path}: warning: weights for the graph of ${reference} give different numbers in the graph of ${reader}`,
  );
}

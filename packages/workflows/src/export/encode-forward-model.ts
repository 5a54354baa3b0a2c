// The forward pass with its weights as one ONNX model.
import { ArgumentError } from '@hovernet/core';
import { createInferenceProgram, describeConfig, toConstants, type HoverNetConfig } from '@hovernet/model';
import { calibrate, quantizeGraph, toOnnx, traceProgram, type Precision } from '@hovernet/onnx';
import { startGraph } from '@hovernet/onnx/node';
import type { TrainedNetwork } from '../inference/tile-predictor.js';
import { imageRange, readCalibrationWindows } from '../network/calibration-windows.js';
import type { Checkpoint } from '../network/checkpoint.js';

/** Side in pixels of the window that the mode is made for: 256 → 164 (fast), 270 → 80 (original). */
export function defaultWindowPx(config: HoverNetConfig): number {
  return config.mode === 'fast' ? 256 : 270;
}

export interface ForwardModelOptions {
  /** Side of a window in pixels. */
  readonly windowPx: number;
  /** How weights are stored, and what nodes compute in. @default 'float32' */
  readonly precision?: Exclude<Precision, 'mixed'> | 'int8';
  /** Images that int8 measures its ranges on: file, folder or glob. */
  readonly calibration?: string | undefined;
  /** Whether the model takes any number of windows at once. @default false */
  readonly dynamicBatch?: boolean;
}

/**
 * Bytes of an ONNX model: `image` `[1, 3, window, window]` float32, RGB, 0…1, to `np`, `hv` and, with a type branch, `nc`,
 * `[1, channels, out, out]` logits as RawMaps has them; `batch` in place of 1 where that is dynamic. Its metadata names the
 * configuration, the classes and what else there is to know of the weights.
 * @throws ShapeError for a window that does not fit the network; ArgumentError for int8 without images.
 */
export async function encodeForwardModel(
  { config, classes, state, details }: TrainedNetwork & Pick<Checkpoint, 'details'>,
  options: ForwardModelOptions,
): Promise<Uint8Array> {
  const { windowPx, precision, dynamicBatch, calibration } = options;
  const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
  const { graph } = traceProgram(program, { constants: toConstants(state) });
  const metadata = { ...describeConfig(config, classes, details), 'hovernet.window': String(windowPx) };
  // A file does not know where it will run: it is right on WebGPU too.
  const form = { dynamicBatch, metadata, webgpu: true };
  if (precision !== 'int8') return toOnnx(graph, { ...form, precision });
  if (calibration === undefined) {
    throw new ArgumentError('export in int8: expected images to measure ranges on, got none; give --calibration');
  }
  const samples = readCalibrationWindows(calibration, config, { batchSize: 1, windowPx });
  const calibrated = await calibrate(graph, { start: startGraph, samples }, { known: imageRange });
  return toOnnx(quantizeGraph(calibrated), form);
}

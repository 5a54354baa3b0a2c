// The forward pass with its weights as one ONNX model.
import { ArgumentError, ShapeError, UnsupportedError } from '@hovernet/core';
import { listImages } from '@hovernet/data';
import { imageRange, readCalibrationWindows } from '@hovernet/inference/internal';
import {
  createInferenceProgram,
  outputSize,
  toConstants,
  type HoverNetConfig,
  type Weights,
  type WeightsDescription,
} from '@hovernet/model';
import { describeConfig } from '@hovernet/model/internal';
import { calibrate, quantizeGraph, toOnnx, traceProgram, type Precision } from '@hovernet/onnx';
import { startGraph } from '@hovernet/onnx/node';

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
  /** Whether the model takes windows of any height and width that fit the network. @default false */
  readonly dynamicSize?: boolean;
}

/**
 * Bytes of an ONNX model: `image` `[1, 3, window, window]` float32, RGB, 0…1, to `np`, `hv` and, with a type branch, `nc`,
 * `[1, channels, out, out]` logits as RawMaps has them; `batch` in place of 1 where that is dynamic, any height and width in
 * place of `window` where these are. Its metadata names the configuration, the classes and what else there is to know of the
 * weights.
 * @throws ShapeError for a window that does not fit the network; ArgumentError for int8 without images; UnsupportedError for
 * a dynamic size where the graph depends on it: with int8, and of networks that crop or enlarge by a matrix.
 */
export async function encodeForwardModel(
  weights: WeightsDescription & Pick<Weights, 'state'>,
  options: ForwardModelOptions,
): Promise<Uint8Array> {
  const { windowPx, precision, dynamicBatch, dynamicSize = false, calibration } = options;
  const { config, state } = weights;
  const constants = toConstants(state);
  const trace = (height: number, width: number) =>
    traceProgram(createInferenceProgram(config, { height, width }), { constants }).graph;
  const graph = trace(windowPx, windowPx);
  const metadata = { ...describeConfig(weights), 'hovernet.window': String(windowPx) };
  // A file does not know where it will run: it is right on WebGPU too.
  const form = { dynamicBatch, metadata, webgpu: true, compact: true };
  if (precision !== 'int8') {
    const heightPx = nextSize(config, windowPx);
    const other = dynamicSize ? trace(heightPx, nextSize(config, heightPx)) : undefined;
    return toOnnx(graph, { ...form, precision, ...(other && { dynamicSize: other }) });
  }
  if (dynamicSize) throw new UnsupportedError('export in int8: expected a fixed size; leave out --dynamic_size');
  if (calibration === undefined) {
    throw new ArgumentError('export in int8: expected images to measure ranges on, got none; give --calibration');
  }
  const samples = readCalibrationWindows(await listImages(calibration), config, { batchSize: 1, windowPx });
  const calibrated = await calibrate(graph, { start: startGraph, samples }, { known: imageRange });
  return toOnnx(quantizeGraph(calibrated), form);
}

/** The next larger side in pixels that fits the network. */
function nextSize(config: HoverNetConfig, sidePx: number): number {
  for (let next = sidePx + 1; ; next++) {
    try {
      outputSize(config, next);
      return next;
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
  }
}

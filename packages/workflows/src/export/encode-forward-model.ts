// The forward pass with its weights as one ONNX model.
import { createInferenceProgram, describeConfig, type HoverNetConfig } from '@hovernet/model';
import { toOnnx, traceProgram, type Precision } from '@hovernet/onnx';
import type { TrainedNetwork } from '../inference/tile-predictor.js';
import { floatFeeds } from '../network/float-feeds.js';

/** Side in pixels of the window that the mode is made for: 256 → 164 (fast), 270 → 80 (original). */
export function defaultWindowPx(config: HoverNetConfig): number {
  return config.mode === 'fast' ? 256 : 270;
}

export interface ForwardModelOptions {
  /** Side of a window in pixels. */
  readonly windowPx: number;
  /** How weights are stored, and what nodes compute in. @default 'float32' */
  readonly precision?: Exclude<Precision, 'mixed'>;
  /** Whether the model takes any number of windows at once. @default false */
  readonly dynamicBatch?: boolean;
}

/**
 * Bytes of an ONNX model: `image` `[1, 3, window, window]` float32, RGB, 0…1, to `np`, `hv` and, with a type branch, `nc`,
 * `[1, channels, out, out]` logits as RawMaps has them; `batch` in place of 1 where that is dynamic. Its metadata names the
 * configuration and the classes.
 * @throws ShapeError for a window that does not fit the network.
 */
export function encodeForwardModel(
  { config, classes, state }: TrainedNetwork,
  options: ForwardModelOptions,
): Uint8Array {
  const { windowPx, precision, dynamicBatch } = options;
  const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
  const { graph } = traceProgram(program, { constants: new Map(Object.entries(floatFeeds(state))) });
  const metadata = { ...describeConfig(config, classes), 'hovernet.window': String(windowPx) };
  return toOnnx(graph, { precision, dynamicBatch, metadata });
}

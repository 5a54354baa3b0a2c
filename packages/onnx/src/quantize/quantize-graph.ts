// Rewrites a float32 graph so that convolutions, sums and what lies between them work on 8-bit codes.
import { UnsupportedError } from '@hovernet/core';
import type { OnnxGraph } from '../graph.js';
import type { CalibratedGraph } from './calibrate.js';
import { planQuantization } from './plan-quantization.js';
import { QuantizedGraphWriter } from './quantized-graph-writer.js';

export interface QuantizationOptions {
  /**
   * Bits of weights. Processors with AVX2 but without VNNI add pairs of products in 16 bits, where 8-bit weights can
   * overflow; with 7 bits every processor gives the same, exact sums at the same speed. @default 7
   */
  readonly weightBits?: 7 | 8;
}

/**
 * The calibrated graph in QDQ form: values as uint8 with one scale and zero point each, weights as int8 with one scale for
 * each output channel, biases as int32. Between DequantizeLinear and QuantizeLinear stand nodes of ONNX on float32, so the
 * graph means the same everywhere; a runtime may run them in integers, as ONNX Runtime does. Inputs and outputs stay float32.
 *
 * @throws UnsupportedError where the range of a value is missing.
 */
export function quantizeGraph(calibrated: CalibratedGraph, { weightBits = 7 }: QuantizationOptions = {}): OnnxGraph {
  const { graph, ranges } = calibrated;
  const plan = planQuantization(graph, calibrated.plan);
  const missing = plan.quantizedValues.find((name) => !ranges.has(name));
  if (missing !== undefined) {
    throw new UnsupportedError(`quantizeGraph: expected a range for every quantised value, got none for ${missing}`);
  }
  return new QuantizedGraphWriter(graph, plan, { ranges, weightBits }).write();
}

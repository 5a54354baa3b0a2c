// Calibration: a graph in the form that quantises best, and the ranges that its values take over samples of its input.
import type { OnnxGraph } from '../graph.js';
import { chooseRange, type RangeOptions, type ValueRanges } from './choose-range.js';
import { collectStatistics, type CalibrationSource } from './collect-statistics.js';
import { equalizeChannels, type ChannelParts } from './equalize-channels.js';
import { foldBatchNorms } from './fold-batch-norms.js';
import { observeValues } from './observe-values.js';
import { planQuantization, type PlanOptions, type QuantizationPlan } from './plan-quantization.js';
import { replaceUpsampling } from './replace-upsampling.js';
import { channelMagnitudes, scaleStatistics, type ValueStatistics } from './value-statistics.js';

export interface CalibrationOptions extends RangeOptions, PlanOptions {
  /** Ranges that are known beforehand, such as 0…1 of an image. @default none */
  readonly known?: ValueRanges;
  /** Whether channels are scaled so that the codes of a whole value suit each of them. @default true */
  readonly equalize?: boolean;
  /** Elements of each value that are kept of each sample; `minmax` needs none. @default 4096 */
  readonly elementCount?: number;
  /** Is told how many samples are done. @default nothing */
  readonly onSample?: (done: number) => void;
}

/** A graph that computes what it did before calibration, ready for `quantizeGraph`. */
export interface CalibratedGraph {
  /** float32, with batch-norms in convolutions, upsampling as Resize and equalised channels. */
  readonly graph: OnnxGraph;
  /** Of the values that will be quantised, by name. */
  readonly ranges: ValueRanges;
  readonly plan: PlanOptions;
}

/**
 * Prepares `graph` for quantisation and runs it once on each sample. Take samples from training data, never from the data
 * that results are judged by.
 * @throws UnsupportedError without samples, or where values are not finite.
 */
export async function calibrate(
  graph: OnnxGraph,
  source: CalibrationSource,
  options: CalibrationOptions = {},
): Promise<CalibratedGraph> {
  const { known = new Map(), equalize = true, elementCount = 4096, onSample } = options;
  const prepared = replaceUpsampling(foldBatchNorms(graph));
  const plan = planQuantization(prepared, options);
  const names = plan.quantizedValues.filter((name) => !known.has(name));
  const observed = observeValues(prepared, names, elementCount);
  const statistics = await collectStatistics(observed, source, onSample);
  const filled = equalize ? filledParts(statistics, plan) : new Map<string, Float32Array>();
  const { graph: equalized, factorsOf } = equalizeChannels(prepared, filled);
  const ranges = new Map(known);
  for (const [name, value] of statistics) {
    const factors = factorsOf(name);
    ranges.set(name, chooseRange(factors ? scaleStatistics(value, factors) : value, options));
  }
  return { graph: equalized, ranges, plan: options };
}

/** Of each value the part that each channel has of the largest one among all that share its codes. */
function filledParts(statistics: ReadonlyMap<string, ValueStatistics>, plan: QuantizationPlan): ChannelParts {
  const magnitudes = new Map([...statistics].map(([name, value]) => [name, channelMagnitudes(value)]));
  const largestOf = (names: readonly string[]) => {
    let largest = 0;
    for (const name of names) for (const channel of magnitudes.get(name) ?? []) largest = Math.max(largest, channel);
    return largest;
  };
  return new Map(
    [...magnitudes].map(([name, channels]) => {
      const largest = largestOf(plan.sharedWith(name)) || 1;
      return [name, channels.map((magnitude) => magnitude / largest)];
    }),
  );
}

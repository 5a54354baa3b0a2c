// What calibration remembers of a value: the range of each channel, and some of its elements.

/** What was seen of a value. */
export interface ValueStatistics {
  /** Least and greatest element of each channel; of the whole value where it has no channels (axis 1 of rank 4). */
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** Some of its elements, spread evenly over samples and positions. */
  readonly elements: Float32Array;
  /** The channel of each of them. */
  readonly elementChannels: Uint16Array;
}

/** The same of a value whose channels are multiplied by positive `factors`. */
export function scaleStatistics(
  { min, max, elements, elementChannels }: ValueStatistics,
  factors: readonly number[],
): ValueStatistics {
  return {
    min: min.map((value, channel) => value * factors[channel]!),
    max: max.map((value, channel) => value * factors[channel]!),
    elements: elements.map((value, i) => value * factors[elementChannels[i]!]!),
    elementChannels,
  };
}

/** Greatest magnitude of each channel. */
export function channelMagnitudes({ min, max }: ValueStatistics): Float32Array {
  return max.map((value, channel) => Math.max(Math.abs(value), Math.abs(min[channel]!)));
}

// Runs an observed graph on samples and gathers what its outputs tell.
import { UnsupportedError } from '@hovernet/core';
import type { OnnxGraph } from '../graph.js';
import type { ObservedGraph, ObservedValue } from './observe-values.js';
import type { ValueStatistics } from './value-statistics.js';

/** Elements of each input by name, in C order of the graph's dimensions. */
export type GraphFeeds = Readonly<Record<string, Float32Array | Int32Array>>;

/** A graph that a runtime has made ready. */
export interface GraphRunner {
  /** Elements of each output by name. */
  run(feeds: GraphFeeds): Promise<Readonly<Record<string, ArrayLike<number>>>>;
  dispose(): Promise<void>;
}

/** Makes a graph ready: encodes it and starts a session of some runtime. */
export type StartGraph = (graph: OnnxGraph) => Promise<GraphRunner>;

/** What a graph is calibrated with. */
export interface CalibrationSource {
  readonly start: StartGraph;
  /** Should look like what the network will see. A few dozen are enough. */
  readonly samples: Iterable<GraphFeeds> | AsyncIterable<GraphFeeds>;
}

/**
 * Statistics of the observed values by name, over all samples.
 * @throws UnsupportedError without samples.
 */
export async function collectStatistics(
  observed: ObservedGraph,
  { start, samples }: CalibrationSource,
  onSample?: (done: number) => void,
): Promise<ReadonlyMap<string, ValueStatistics>> {
  const runner = await start(observed.graph);
  const collected = new Map([...observed.values].map(([name, value]) => [name, new CollectedValue(value)]));
  let done = 0;
  try {
    for await (const sample of samples) {
      const results = await runner.run(sample);
      for (const value of collected.values()) value.add(results);
      done++;
      onSample?.(done);
    }
  } finally {
    await runner.dispose();
  }
  if (done === 0) {
    throw new UnsupportedError(
      'calibration: expected at least one sample, got none; give patches of the training data',
    );
  }
  return new Map([...collected].map(([name, value]) => [name, value.statistics()]));
}

class CollectedValue {
  private readonly min: Float32Array;
  private readonly max: Float32Array;
  private readonly elements: ArrayLike<number>[] = [];

  constructor(private readonly observed: ObservedValue) {
    this.min = new Float32Array(observed.channels).fill(Infinity);
    this.max = new Float32Array(observed.channels).fill(-Infinity);
  }

  add(results: Readonly<Record<string, ArrayLike<number>>>): void {
    const { min, max, elements } = this.observed;
    // Math.min and Math.max keep NaN, so that it is noticed later.
    for (let channel = 0; channel < this.min.length; channel++) {
      this.min[channel] = Math.min(this.min[channel]!, results[min]![channel]!);
      this.max[channel] = Math.max(this.max[channel]!, results[max]![channel]!);
    }
    this.elements.push(results[elements]!);
  }

  statistics(): ValueStatistics {
    const { elementChannels } = this.observed;
    const count = elementChannels.length;
    const elements = new Float32Array(count * this.elements.length);
    const channels = new Uint16Array(elements.length);
    this.elements.forEach((sample, i) => {
      elements.set(sample, i * count);
      channels.set(elementChannels, i * count);
    });
    return { min: this.min, max: this.max, elements, elementChannels: channels };
  }
}

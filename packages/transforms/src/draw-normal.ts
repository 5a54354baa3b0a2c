// Standard normal numbers by the ziggurat (Marsaglia and Tsang 2000, doi:10.18637/jss.v005.i08): one 32-bit draw and one
// product for 99 values in 100, where Box–Muller takes a logarithm, a root and a cosine for each.
import type { Random } from '@hovernet/core';

const layers = 256;

/** Where the tail begins, and the area of each layer, for so many layers. */
const tailStart = 3.6541528853610088;
const layerArea = 0.004928673233974655;

/** The layers' right ends from the lowest layer up, then 0; layer 0 is as wide as if it held the tail's area too. */
const edges = new Float64Array(layers + 1);
edges[0] = layerArea / density(tailStart);
edges[1] = tailStart;
for (let i = 2; i < layers; i++) {
  edges[i] = Math.sqrt(-2 * Math.log(layerArea / edges[i - 1]! + density(edges[i - 1]!)));
}

/** exp(−x²/2) at those ends. */
const heights = edges.map(density);

/**
 * One value of mean 0 and standard deviation 1. The layer takes the lowest 8 bits of a draw and the place in it the other
 * 24, so that the two are independent (Doornik 2005).
 */
export function drawNormal(random: Random): number {
  for (;;) {
    const bits = random.nextUint32();
    const layer = bits & (layers - 1);
    const value = ((bits | 0) >> 8) * 2 ** -23 * edges[layer]!;
    if (Math.abs(value) < edges[layer + 1]!) return value;
    if (layer === 0) return value < 0 ? -drawTail(random) : drawTail(random);
    const height = heights[layer]! + random.uniform() * (heights[layer + 1]! - heights[layer]!);
    if (height < density(value)) return value;
  }
}

/** A value beyond the first layer (Marsaglia 1964). */
function drawTail(random: Random): number {
  for (;;) {
    const beyond = -Math.log(1 - random.uniform()) / tailStart;
    if (-2 * Math.log(1 - random.uniform()) > beyond * beyond) return tailStart + beyond;
  }
}

function density(x: number): number {
  return Math.exp((-x * x) / 2);
}

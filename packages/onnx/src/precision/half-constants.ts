// Constants of a graph as float16, made when they are asked for and kept.
import { encodeHalfFloats } from '@hovernet/core';
import type { GraphConstant, OnnxGraph } from '../graph.js';

/**
 * How a float32 constant does in float16: every element is the same; elements are rounded, small ones to zero; or it means
 * something else: a finite element becomes infinite, or all that is not zero does.
 */
export type HalfFit = 'exact' | 'rounded' | 'unfit';

interface HalfConstant {
  readonly fit: HalfFit;
  readonly halves: Uint16Array;
}

export class HalfConstants {
  private readonly constants: ReadonlyMap<string, GraphConstant>;
  private readonly converted = new Map<string, HalfConstant>();

  constructor(graph: OnnxGraph) {
    this.constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  }

  has(name: string): boolean {
    return this.constants.has(name);
  }

  /** @param name a float32 constant */
  fit(name: string): HalfFit {
    return this.convert(name).fit;
  }

  /** @param name a float32 constant */
  halves(name: string): Uint16Array {
    return this.convert(name).halves;
  }

  private convert(name: string): HalfConstant {
    const known = this.converted.get(name);
    if (known) return known;
    const data = this.constants.get(name)!.data as Float32Array;
    const halves = encodeHalfFloats(data);
    const constant = { fit: compare(data, halves), halves };
    this.converted.set(name, constant);
    return constant;
  }
}

/** Reads bits alone: float32 has 13 more of them in its fraction, of which none may be set where nothing was rounded. */
function compare(data: Float32Array, halves: Uint16Array): HalfFit {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let isExact = true;
  let isZero = true;
  let wasZero = true;
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]! & 0x7fff;
    const single = bits[i]! & 0x7fffffff;
    if (half === 0x7c00 && single < 0x7f800000) return 'unfit';
    if (single !== 0) wasZero = false;
    if (half !== 0) isZero = false;
    const isNormal = half >= 0x400 && half < 0x7c00;
    if (isNormal ? (single & 0x1fff) !== 0 : single !== 0 && half < 0x7c00) isExact = false;
  }
  if (isZero && !wasZero) return 'unfit';
  return isExact ? 'exact' : 'rounded';
}

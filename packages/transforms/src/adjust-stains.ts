// Stain augmentation: more or less of each dye, as slides of other laboratories have it (Tellez et al. 2018,
// doi:10.1109/TMI.2018.2820199), in the space of the dyes' optical densities (Ruifrok and Johnston 2001).
import { ArgumentError, assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';
import { densities, toLevel } from './optical-density.js';

/** One number for each channel: haematoxylin, eosin, and the residual that is neither. */
export type StainTriple = readonly [haematoxylin: number, eosin: number, residual: number];

/** What happens to the density s of each dye: s ← scale · s + shift. */
export interface StainAdjustment {
  /** Factors, 0 or more; 1 leaves a dye as it is. */
  readonly scale: StainTriple;
  /** Optical densities (base 10), added everywhere, on glass too; 0 leaves a dye as it is. */
  readonly shift: StainTriple;
}

export interface StainOptions {
  /**
   * Colours of the dyes.
   * @default ruifrokStains
   */
  readonly stains?: StainVectors;
}

/**
 * Splits the optical density of each pixel into the densities of haematoxylin, eosin and a residual, scales and shifts
 * each, and puts the colours together again, clipped and rounded to the nearest level. Scales of 1 and shifts of 0 give
 * the same image. O(pixels).
 *
 * @throws ShapeError unless `image` is RGB; ArgumentError if a value is not finite, a scale is negative or the colours of
 * the dyes cannot be told apart.
 */
export function adjustStains(image: RgbImage, adjustment: StainAdjustment, options: StainOptions = {}): RgbImage {
  assertRgbImage('adjustStains', image);
  assertAdjustment(adjustment);
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb], [r0, g0, b0]] = composeMap(
    adjustment,
    options.stains ?? ruifrokStains,
  );
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const output = new Uint8ClampedArray(source.length);
  for (let i = 0; i < source.length; i += 3) {
    const red = densities[source[i]!]!;
    const green = densities[source[i + 1]!]!;
    const blue = densities[source[i + 2]!]!;
    output[i] = toLevel(rr * red + rg * green + rb * blue + r0);
    output[i + 1] = toLevel(gr * red + gg * green + gb * blue + g0);
    output[i + 2] = toLevel(br * red + bg * green + bb * blue + b0);
  }
  return createRgbImage(height, width, new Uint8Array(output.buffer));
}

/**
 * Scaling and shifting dyes is one affine map of the pixel's densities (red, green, blue): the rows of its matrix, then
 * what it adds.
 */
function composeMap(
  { scale, shift }: StainAdjustment,
  stains: StainVectors,
): readonly [StainTriple, StainTriple, StainTriple, StainTriple] {
  const { vectors, inverse } = invertStains(stains);
  const entry = (to: number, from: number) =>
    vectors.reduce((sum, vector, dye) => sum + vector[to]! * scale[dye]! * inverse[dye]![from]!, 0);
  const row = (to: number) => [entry(to, 0), entry(to, 1), entry(to, 2)] as const;
  const added = (to: number) => vectors.reduce((sum, vector, dye) => sum + vector[to]! * shift[dye]!, 0);
  return [row(0), row(1), row(2), [added(0), added(1), added(2)]];
}

function assertAdjustment(adjustment: Partial<StainAdjustment>): void {
  const { scale = [], shift = [] } = adjustment;
  const triples = scale.length === 3 && shift.length === 3;
  if (!triples || ![...scale, ...shift].every(Number.isFinite) || Math.min(...scale) < 0) {
    const got = JSON.stringify(adjustment);
    throw new ArgumentError(`adjustStains: expected three scales of 0 or more and three finite shifts, got ${got}`);
  }
}

type Vector = readonly [red: number, green: number, blue: number];

/** What a dye absorbs of red, green and blue light, relative to each other; lengths do not count. */
export interface StainVectors {
  readonly haematoxylin: Vector;
  readonly eosin: Vector;
}

/** As Ruifrok and Johnston measured them (2001, Analytical and Quantitative Cytology and Histology 23). */
export const ruifrokStains: StainVectors = {
  haematoxylin: [0.65, 0.7, 0.29],
  eosin: [0.07, 0.99, 0.11],
};

type Matrix = readonly [Vector, Vector, Vector];

/**
 * Unit vectors of haematoxylin, eosin and the residual, which is at right angles to both, and the rows of the matrix that
 * gives a pixel's three amounts from its densities.
 *
 * @throws ArgumentError if the two dyes have the same colour or one of them none.
 */
function invertStains(stains: StainVectors): { readonly vectors: Matrix; readonly inverse: Matrix } {
  const residual = cross(normalize(stains.haematoxylin), normalize(stains.eosin));
  // The sine of the angle between the two: below it, noise of the pixels would be taken for dye.
  if (!(Math.hypot(...residual) > 0.01)) {
    throw new ArgumentError(`adjustStains: expected two dyes of different colours, got ${JSON.stringify(stains)}`);
  }
  const vectors: Matrix = [normalize(stains.haematoxylin), normalize(stains.eosin), normalize(residual)];
  const [h, e, r] = vectors;
  const volume = dot(cross(h, e), r);
  const divide = ([x, y, z]: Vector): Vector => [x / volume, y / volume, z / volume];
  return { vectors, inverse: [divide(cross(e, r)), divide(cross(r, h)), divide(cross(h, e))] };
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function normalize(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

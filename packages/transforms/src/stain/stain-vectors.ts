// The colours of dyes, and how the densities of a pixel split into them.
import { ArgumentError } from '@hovernet/core';

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
export function invertStains(stains: StainVectors): { readonly vectors: Matrix; readonly inverse: Matrix } {
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

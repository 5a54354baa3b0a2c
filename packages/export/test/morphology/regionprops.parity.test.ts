// Golden values by scikit-image 0.26 (regionprops; rgb2hed times 6, which counts in log₁₀) of 32 random and awkward shapes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measureShape, type ShapeMeasures } from '../../src/morphology/measure-shape.js';
import { measureStain } from '../../src/morphology/measure-stain.js';
import { createMaskCutter } from '../../src/shapes/shape-mask.js';

interface GoldenShape extends ShapeMeasures {
  readonly rows: readonly string[];
  /** Pixels, and mean and deviation of haematoxylin and eosin; of small shapes only. */
  readonly rgb: readonly number[] | null;
  readonly stain: readonly number[] | null;
}

const path = new URL('../fixtures/regionprops.json', import.meta.url);
const shapes = JSON.parse(readFileSync(path, 'utf8')) as readonly GoldenShape[];
const measures = [
  'area',
  'perimeter',
  'equivalentDiameter',
  'majorAxis',
  'minorAxis',
  'eccentricity',
  'orientation',
  'solidity',
] as const;

it.each(shapes.map((shape, index) => ({ index, shape })))('measures shape $index as scikit-image', ({ shape }) => {
  const box = [0, 0, shape.rows[0]!.length, shape.rows.length] as const;
  const labels = Int32Array.from(shape.rows.join(''), (mark) => (mark === '#' ? 7 : 3));
  const mask = createMaskCutter()({ box, labels }, 7, box);
  const measured = measureShape(mask);
  for (const name of measures) expect(measured[name], name).toBeCloseTo(shape[name], 6);
  if (!shape.rgb) return;
  const stain = Object.values(measureStain(mask, { box, pixels: Uint8Array.from(shape.rgb) }));
  stain.forEach((value, index) => expect(value).toBeCloseTo(shape.stain![index]!, 6));
});

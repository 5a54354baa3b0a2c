// Shape of a nucleus, defined as scikit-image's regionprops defines it.
import type { ShapeMask } from '../shapes/shape-mask.js';
import { countHullPixels } from './convex-hull.js';

/** In pixels; angles in radians. */
export interface ShapeMeasures {
  readonly area: number;
  /** Length of the line through the centres of border pixels (Benkrid and Crookes, 2000). */
  readonly perimeter: number;
  /** Diameter of the circle with this area. */
  readonly equivalentDiameter: number;
  /** Axes of the ellipse with the same second moments. */
  readonly majorAxis: number;
  readonly minorAxis: number;
  readonly eccentricity: number;
  /** Between the rows' direction (downwards) and the major axis, −π/2…π/2, counter-clockwise on the screen. */
  readonly orientation: number;
  /** Share of the convex hull's pixels. */
  readonly solidity: number;
  /** 4π · area / perimeter²; infinite where the perimeter is 0. */
  readonly circularity: number;
}

/** Measures `mask`. Cost: its box. */
export function measureShape(mask: ShapeMask): ShapeMeasures {
  const { area } = mask;
  const perimeter = measurePerimeter(mask);
  return {
    area,
    perimeter,
    equivalentDiameter: Math.sqrt((4 * area) / Math.PI),
    ...measureEllipse(mask),
    solidity: area / countHullPixels(mask),
    circularity: (4 * Math.PI * area) / perimeter ** 2,
  };
}

/** By the sum of 10 · diagonal + 2 · straight border neighbours + 1. */
const perimeterWeights = (() => {
  const weights = new Float64Array(50);
  for (const code of [5, 7, 15, 17, 25, 27]) weights[code] = 1;
  for (const code of [21, 33]) weights[code] = Math.SQRT2;
  for (const code of [13, 23]) weights[code] = (1 + Math.SQRT2) / 2;
  return weights;
})();

function measurePerimeter({ width, height, bits }: ShapeMask): number {
  const stride = width + 2;
  const isBorder = (at: number) =>
    bits[at] !== 0 && (bits[at - 1] === 0 || bits[at + 1] === 0 || bits[at - stride] === 0 || bits[at + stride] === 0);
  const counts = new Int32Array(50);
  for (let y = 1; y <= height; y++) {
    for (let at = y * stride + 1, end = at + width; at < end; at++) {
      if (!isBorder(at)) continue;
      let code = 1;
      if (isBorder(at - 1)) code += 2;
      if (isBorder(at + 1)) code += 2;
      if (isBorder(at - stride)) code += 2;
      if (isBorder(at + stride)) code += 2;
      if (isBorder(at - stride - 1)) code += 10;
      if (isBorder(at - stride + 1)) code += 10;
      if (isBorder(at + stride - 1)) code += 10;
      if (isBorder(at + stride + 1)) code += 10;
      counts[code]!++;
    }
  }
  return counts.reduce((sum, count, code) => sum + count * perimeterWeights[code]!, 0);
}

function measureEllipse({ width, height, bits, area }: ShapeMask) {
  const stride = width + 2;
  let [x1, y1, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++, at++) {
      if (bits[at] === 0) continue;
      x1 += x;
      y1 += y;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
  }
  // Sums of integers are exact; so are differences that decide whether an ellipse is a circle.
  const [varX, varY, covariance] = [area * xx - x1 * x1, area * yy - y1 * y1, area * xy - x1 * y1];
  const half = Math.hypot(varX - varY, 2 * covariance) / 2;
  const middle = (varX + varY) / 2;
  const [large, small] = [middle + half, Math.max(0, middle - half)];
  const isCircle = varX === varY;
  return {
    majorAxis: (4 * Math.sqrt(large)) / area,
    minorAxis: (4 * Math.sqrt(small)) / area,
    eccentricity: large === 0 ? 0 : Math.sqrt(1 - small / large),
    orientation: isCircle ? (covariance > 0 ? Math.PI / 4 : -Math.PI / 4) : Math.atan2(2 * covariance, varY - varX) / 2,
  };
}

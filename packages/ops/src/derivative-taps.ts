// The one-dimensional kernels of a separable smoothed derivative.
import { ArgumentError } from '@hovernet/core';

/**
 * The two one-dimensional kernels: `smoothing` is the binomial of order size − 1, `derivative` is [−1, 0, 1]/2 convolved
 * with the binomial of order size − 3. Size 5: [1, 4, 6, 4, 1]/16 and [−1, −2, 0, 2, 1]/8. Applied as cross-correlation.
 *
 * @throws ArgumentError unless `kernelSize` is odd and at least 3
 */
export function createDerivativeTaps(kernelSize: number): { derivative: number[]; smoothing: number[] } {
  if (!(Number.isInteger(kernelSize) && kernelSize >= 3 && kernelSize % 2 === 1)) {
    throw new ArgumentError(`filterDerivative: expected an odd kernel size of at least 3, got ${kernelSize}`);
  }
  let derivative = [-0.5, 0, 0.5];
  let smoothing = [0.25, 0.5, 0.25];
  for (let size = 3; size < kernelSize; size += 2) {
    derivative = convolve(derivative, [0.25, 0.5, 0.25]);
    smoothing = convolve(smoothing, [0.25, 0.5, 0.25]);
  }
  return { derivative, smoothing };
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((u, i) => b.forEach((v, j) => (sum[i + j]! += u * v)));
  return sum;
}

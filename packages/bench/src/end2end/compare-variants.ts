// Speed-ups of variants, as the bundle's documentation lists those of TensorRT.
import type { BenchCase } from '../bench-case.js';

/** A row of the table; keys as scripts read them. */
export interface ComparedMethod {
  /** `model_computation` or `end2end`. */
  readonly method: string;
  /** Median milliseconds of each variant, such as `cuda float16`. */
  readonly ms: Readonly<Record<string, number>>;
  /** How many times as fast as the first variant each is. */
  readonly speedup: Readonly<Record<string, number>>;
}

/** `PROVIDER PRECISION`, as the table names it. */
export function nameVariant({ provider, precision }: Pick<BenchCase, 'provider' | 'precision'>): string {
  return `${provider} ${precision}`;
}

/** The table of `cases`, whose first variant is what the others are compared with. */
export function compareVariants(cases: readonly BenchCase[]): ComparedMethod[] {
  return [...new Set(cases.map((measured) => measured.case))].map((method) => {
    const own = cases.filter((measured) => measured.case === method);
    const ms = Object.fromEntries(own.map((measured) => [nameVariant(measured), measured.median_ms]));
    const speedup = Object.fromEntries(
      own.map((measured) => [nameVariant(measured), own[0]!.median_ms / measured.median_ms]),
    );
    return { method, ms, speedup };
  });
}

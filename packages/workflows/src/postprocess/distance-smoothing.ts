// The smoothing of the distance map as configurations and flags say it.
import type { DistanceSmoothing } from '@hovernet/postprocess';

/**
 * A Gaussian of `sigmaPx` sampled at the pixels, as that of MONAI's published instances (docs/parity.md#64); undefined, for
 * that of the reference, without one.
 */
export function smoothingOf(sigmaPx: number | null | undefined): DistanceSmoothing | undefined {
  return sigmaPx == null ? undefined : { sigmaPx, approximation: 'sampled' };
}

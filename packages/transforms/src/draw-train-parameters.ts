// The random choices of one training sample as plain data: drawn here, applied elsewhere, repeatable anywhere.
import type { Random } from '@hovernet/core';
import { resolveAugmentOptions, type AugmentOptions, type Range } from './augment-options.js';
import type { AffineParameters } from './compose-affine-matrix.js';
import type { ColorAdjustment } from './jitter-color.js';

/** The one filter that a patch gets; null for none. */
export type FilterChoice =
  | { readonly kind: 'smooth'; readonly sigmaRowsPx: number; readonly sigmaColumnsPx: number }
  | { readonly kind: 'median' }
  | { readonly kind: 'noise'; readonly deviation: number; readonly seed: number }
  | null;

/** Plain data (JSON keeps it whole): the same parameters and sample give the same bytes. */
export interface TrainParameters {
  readonly affine: AffineParameters;
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
  readonly filter: FilterChoice;
  /** Colour steps in the order they are applied. */
  readonly jitter: readonly ColorAdjustment[];
}

/**
 * Draws what the bundle's training transforms draw. The number of draws does not depend on the options, so that
 * switching one step off leaves the other steps' values as they were.
 *
 * @throws ArgumentError if an option is out of its range.
 */
export function drawTrainParameters(random: Random, options: AugmentOptions = {}): TrainParameters {
  const augment = resolveAugmentOptions(options);
  const draw = (range: Range | false, neutral: number) => {
    const value = random.uniform(...(range || [0, 1]));
    return range ? value : neutral;
  };
  const drawPair = (range: Range | false, neutral: number) => [draw(range, neutral), draw(range, neutral)] as const;
  const affine = {
    rotation: draw(augment.rotation, 0),
    shear: drawPair(augment.shear, 0),
    translatePx: drawPair(augment.translatePx, 0),
    scale: drawPair(augment.scale, 1),
  };
  const flipRows = random.chance(augment.flipRows);
  const flipColumns = random.chance(augment.flipColumns);
  return { affine, flipRows, flipColumns, filter: drawFilter(random, augment), jitter: drawJitter(random, augment) };
}

function drawFilter(random: Random, augment: Required<AugmentOptions>): FilterChoice {
  const { smoothSigmaPx, median, noiseDeviation } = augment;
  const position = random.uniform();
  const sigmaRowsPx = random.uniform(...(smoothSigmaPx || [0, 1]));
  const sigmaColumnsPx = random.uniform(...(smoothSigmaPx || [0, 1]));
  const deviation = random.uniform(...(noiseDeviation || [0, 1]));
  const seed = random.nextUint32();
  const choices: FilterChoice[] = [];
  if (smoothSigmaPx) choices.push({ kind: 'smooth', sigmaRowsPx, sigmaColumnsPx });
  if (median) choices.push({ kind: 'median' });
  if (noiseDeviation) choices.push({ kind: 'noise', deviation, seed });
  return choices[Math.floor(position * choices.length)] ?? null;
}

function drawJitter(random: Random, augment: Required<AugmentOptions>): ColorAdjustment[] {
  const operations = ['brightness', 'contrast', 'saturation', 'hue'] as const;
  const steps = operations.map((operation) => {
    const range = augment[operation];
    const amount = random.uniform(...(range || [0, 1]));
    return range ? { operation, amount } : null;
  });
  return Array.from(random.permutation(steps.length), (index) => steps[index]!).filter((step) => step !== null);
}

// The random choices of one training sample as plain data: drawn here, applied elsewhere, repeatable anywhere.
import type { Random } from '@hovernet/core';
import type { AugmentOptions, Interpolation, Range, ResolvedAugmentOptions } from './augment-options.js';
import type { AffineParameters } from './compose-affine-matrix.js';
import type { ElasticParameters } from './draw-displacement.js';
import type { ColorAdjustment } from './jitter-color.js';
import { resolveAugmentOptions } from './resolve-augment-options.js';
import type { BinomialOptions, BinomialSize } from './smooth-binomial.js';
import type { StainAdjustment } from './adjust-stains.js';

/** The one filter that a patch gets; null for none. */
export type FilterChoice =
  | { readonly kind: 'smooth'; readonly sigmaRowsPx: number; readonly sigmaColumnsPx: number }
  | ({ readonly kind: 'smooth-binomial' } & BinomialOptions)
  /** 3×3 where no size is given. */
  | { readonly kind: 'median'; readonly sizePx?: number }
  /** `shared`: the same values in all three channels. */
  | { readonly kind: 'noise'; readonly deviation: number; readonly seed: number; readonly shared?: boolean }
  | null;

/** An elastic deformation: the displacement is drawn from `seed`. */
export interface ElasticChoice extends ElasticParameters {
  readonly seed: number;
  readonly interpolation: Interpolation;
}

/** Plain data (JSON keeps it whole): the same parameters and sample give the same bytes. */
export interface TrainParameters {
  readonly affine: AffineParameters;
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
  /** Absent for none. */
  readonly elastic?: ElasticChoice;
  readonly filter: FilterChoice;
  /** Absent for none. */
  readonly stain?: StainAdjustment;
  /** Colour steps in the order they are applied. */
  readonly jitter: readonly ColorAdjustment[];
}

/**
 * Draws what the bundle's training transforms draw, then what the options beyond it need. The number of draws does not
 * depend on the options, so that switching one step on or off leaves the other steps' values as they were.
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
  const bundleFilters = drawBundleFilters(random, augment);
  const bundleJitter = drawBundleJitter(random, augment);
  // Here the bundle's draws end.
  const filter = drawFilter(random, augment, bundleFilters);
  const jitter = insertShift(random, augment, bundleJitter);
  const stain = drawStain(random, augment);
  const elastic = drawElastic(random, augment);
  return { affine, flipRows, flipColumns, ...(elastic && { elastic }), filter, ...(stain && { stain }), jitter };
}

/** What the bundle draws for its filters. */
interface BundleFilters {
  /** Where among the filters the chosen one lies, 0…1. */
  readonly position: number;
  readonly sigmaRowsPx: number;
  readonly sigmaColumnsPx: number;
  readonly deviation: number;
  readonly seed: number;
}

function drawBundleFilters(random: Random, { smoothSigmaPx, noiseDeviation }: ResolvedAugmentOptions): BundleFilters {
  return {
    position: random.uniform(),
    sigmaRowsPx: random.uniform(...(smoothSigmaPx || [0, 1])),
    sigmaColumnsPx: random.uniform(...(smoothSigmaPx || [0, 1])),
    deviation: random.uniform(...(noiseDeviation || [0, 1])),
    seed: random.nextUint32(),
  };
}

function drawFilter(random: Random, augment: ResolvedAugmentOptions, drawn: BundleFilters): FilterChoice {
  const { smoothSigmaPx, smoothSizesPx, median, noiseDeviation, sharedNoise } = augment;
  const { position, sigmaRowsPx, sigmaColumnsPx, deviation, seed } = drawn;
  const rowsPx = drawOne<BinomialSize>(random, smoothSizesPx || [1]);
  const columnsPx = drawOne<BinomialSize>(random, smoothSizesPx || [1]);
  const sizePx = drawOne(random, typeof median === 'boolean' ? [3] : median);
  const shared = random.chance(sharedNoise);
  const choices: FilterChoice[] = [];
  if (smoothSigmaPx) choices.push({ kind: 'smooth', sigmaRowsPx, sigmaColumnsPx });
  if (smoothSizesPx) choices.push({ kind: 'smooth-binomial', rowsPx, columnsPx });
  if (median) choices.push({ kind: 'median', sizePx });
  if (noiseDeviation) choices.push({ kind: 'noise', deviation, seed, shared });
  return choices[Math.floor(position * choices.length)] ?? null;
}

function drawOne<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.uniform() * values.length)]!;
}

function drawBundleJitter(random: Random, augment: ResolvedAugmentOptions): ColorAdjustment[] {
  const operations = ['brightness', 'contrast', 'saturation', 'hue'] as const;
  const steps = operations.map((operation) => {
    const range = augment[operation];
    const amount = random.uniform(...(range || [0, 1]));
    return range ? { operation, amount } : null;
  });
  return Array.from(random.permutation(steps.length), (index) => steps[index]!).filter((step) => step !== null);
}

/** The steps with the shift of brightness at a random place among them: every order stays equally likely. */
function insertShift(
  random: Random,
  { brightnessShift }: ResolvedAugmentOptions,
  steps: readonly ColorAdjustment[],
): readonly ColorAdjustment[] {
  const amount = random.uniform(...(brightnessShift || [0, 1]));
  const place = Math.floor(random.uniform() * (steps.length + 1));
  return brightnessShift ? steps.toSpliced(place, 0, { operation: 'brightnessShift', amount }) : steps;
}

function drawStain(random: Random, { stain }: ResolvedAugmentOptions): StainAdjustment | null {
  const chosen = random.chance(stain ? stain.probability : 0);
  const drawTriple = (range: Range) =>
    [random.uniform(...range), random.uniform(...range), random.uniform(...range)] as const;
  const adjustment = {
    scale: drawTriple(stain ? stain.scale : [0, 1]),
    shift: drawTriple(stain ? stain.shift : [0, 1]),
  };
  return chosen ? adjustment : null;
}

function drawElastic(random: Random, { elastic }: ResolvedAugmentOptions): ElasticChoice | null {
  const chosen = random.chance(elastic ? elastic.probability : 0);
  const sigmaPx = random.uniform(...(elastic ? elastic.sigmaPx : ([0, 1] as const)));
  const alphaPx = random.uniform(...(elastic ? elastic.alphaPx : ([0, 1] as const)));
  const seed = random.nextUint32();
  return elastic && chosen ? { sigmaPx, alphaPx, seed, interpolation: elastic.interpolation } : null;
}

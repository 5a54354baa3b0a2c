// What a training works by: plain options with the bundle's defaults, and the settings that they resolve to.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type { Taxonomy } from '@hovernet/data';
import type { LossWeights } from '@hovernet/losses';
import { outputSize, resolveConfig, type HoverNetConfig, type HoverNetOptions } from '@hovernet/model';
import type { EncoderFreeze } from '@hovernet/model/internal';
import type { OpenEngineOptions } from '@hovernet/onnx/node';
import { defaultAugmentOptions, type AugmentOptions } from '@hovernet/transforms';

export interface TrainOptions {
  /** Folder of prepared patches, with a folder for each phase. */
  readonly patchesDir: string;
  /** Folder in it with the patches to train on. @default 'Train' */
  readonly trainPhase?: string;
  /** Folder in it with the patches to validate on; null for `Validation` where it is there, else `Test`. @default null */
  readonly validationPhase?: string | null;
  /** File of the last weights in `checkpointDir`; one that ends with .pt or .pth is PyTorch's. @default 'model.safetensors' */
  readonly finalName?: string;
  /** Folder for checkpoints and the state of an interrupted run. @default './models' */
  readonly checkpointDir?: string;
  /** Classes of nuclei: the name of a built-in taxonomy or the path of a JSON file. @default 'consep' */
  readonly taxonomy?: string;
  /** The network. @default preset base in mode fast, with the taxonomy's classes */
  readonly network?: HoverNetOptions;
  /** Side of the network's window in pixels. @default 256 */
  readonly windowPx?: number;
  /** The weights that training starts from. @default random ones */
  readonly start?: TrainStart;
  /** Which of the two trainings of the bundle this is: recorded in checkpoints, and keeps their random numbers apart. @default 0 */
  readonly stage?: 0 | 1;
  /** true keeps the residual units at their start weights, 'whole-encoder' all of the encoder. @default false */
  readonly freezeEncoder?: EncoderFreeze;
  /** From which all random numbers follow. @default 321 */
  readonly seed?: number;
  /** What computes; precision float32 or mixed. @default ONNX Runtime on the CPU, all processors */
  readonly engine?: TrainEngineOptions;
  /** Factors of the loss terms. @default 1 each */
  readonly lossWeights?: LossWeights;
  readonly optimizer?: OptimizerOptions;
  readonly schedule?: ScheduleOptions;
  /** Steps of augmentation. @default the bundle's */
  readonly augmentation?: AugmentOptions;
  readonly balance?: BalanceOptions;
  /** How training patches are shown. @default shuffled */
  readonly loading?: LoadingOptions;
  readonly validation?: ValidationOptions;
  /** @default 50 */
  readonly epochs?: number;
  /** Ends training early and without validation, counted over all epochs; null for no limit. @default null */
  readonly maxSteps?: number | null;
  /** Batches that make one step together, as one of their joint size but for its batch-norms. @default 1 */
  readonly accumulatedBatches?: number;
  /**
   * Checkpoints and validation take an exponential moving average of the weights, of which each step keeps this share, 0…1;
   * null for the weights themselves. @default null
   */
  readonly averageDecay?: number | null;
  /** Validations without a better mean Dice after which training ends; null for none. @default null */
  readonly patience?: number | null;
  /** Epochs between checkpoints beside the best and the last one. @default 10 */
  readonly saveIntervalEpochs?: number;
  /** How much work an interruption that no signal announces can cost, in minutes. @default 10 */
  readonly saveIntervalMinutes?: number;
  /**
   * What identifies the run: an interrupted run continues only under the same key.
   * @default a hash of every option that decides the weights, and of the number of processes
   */
  readonly runKey?: string;
}

/** Where the first weights come from; what a file does not give is random. */
export type TrainStart =
  | { readonly from: 'random' }
  | ({ readonly from: 'encoder' } & EncoderStart)
  /** A whole network, of other classes if need be; `source` is a path or an address. */
  | { readonly from: 'network'; readonly source: string }
  /** The very same network, as stage 0 leaves it for stage 1. */
  | { readonly from: 'checkpoint'; readonly path: string };

/** An encoder: a ResNet-50 with torchvision's names, the original's pre-activation ResNet-50, or that of a whole HoVer-Net. */
export interface EncoderStart {
  /** Path or address. */
  readonly source: string;
  /** Whether a ResNet-50 with torchvision's names is accepted, whose units are not pre-activation. @default true */
  readonly adaptStandardResnet?: boolean;
  /** Key inside the file under which the weights lie. @default none */
  readonly stateDictKey?: string;
}

/** `onMessage` goes to the reporter by default. */
export type TrainEngineOptions = Omit<OpenEngineOptions, 'calibration'>;

/** Adam. */
export interface OptimizerOptions {
  /** @default 1e-4 */
  readonly learningRate?: number;
  /** L2 term added to the gradient. @default 1e-5 */
  readonly weightDecay?: number;
  /** @default [0.9, 0.999] */
  readonly betas?: readonly [number, number];
  /** @default 1e-8 */
  readonly epsilon?: number;
}

/** How the learning rate changes. */
export interface ScheduleOptions {
  /** step multiplies by `gamma` every `stepSizeEpochs`, cosine falls to 0 over all epochs, constant stays. @default 'step' */
  readonly type?: 'step' | 'cosine' | 'constant';
  /** @default 25 */
  readonly stepSizeEpochs?: number;
  /** @default 0.1 */
  readonly gamma?: number;
  /** First steps of the run, over which the rate rises from 0. @default 0 */
  readonly warmupSteps?: number;
}

/** Which patches an epoch shows. */
export interface BalanceOptions {
  /**
   * Share of the patches, 0…1, that are drawn for their types, each type as often as the others, patches by how much of it
   * they show; the rest are drawn evenly. With 0 each patch is shown once an epoch. @default 0
   */
  readonly typeShare?: number;
  /** Patches drawn for an epoch; null for as many as there are. Not together with `typeShare` 0. @default null */
  readonly patchesPerEpoch?: number | null;
}

/** How patches come to the network. */
export interface LoadingOptions {
  /** Patches in one step. @default 16 */
  readonly batchSize?: number;
  /** @default true for training, false for validation */
  readonly shuffle?: boolean;
  /** Leaves out a last batch that is not full. @default false */
  readonly dropLast?: boolean;
  /**
   * Threads that make patches, 0 for the main one; changes no result. auto: 0 where the network runs on the CPU, which is
   * slower than one thread is, else up to the bundle's 4. @default 'auto'
   */
  readonly workers?: number | 'auto';
  /** Share of the patches to keep in memory, 0…1, 8 bytes a pixel. @default 1 */
  readonly cacheRate?: number;
  /** Most memory to keep them in; null for half of what is free, divided by numbers of patches. @default null */
  readonly cacheLimitGb?: number | null;
}

export interface ValidationOptions extends LoadingOptions {
  /** Epochs between validations. @default 1 */
  readonly intervalEpochs?: number;
}

/** {@link TrainOptions}, complete and checked. */
export interface TrainSettings extends Required<Omit<TrainOptions, 'network' | 'runKey'>> {
  readonly network: HoverNetConfig;
  /** As it was given; says of weight files what they do not say themselves. */
  readonly architecture: HoverNetOptions;
  /** Side of the network's output in pixels. */
  readonly outputPx: number;
  readonly optimizer: Required<OptimizerOptions>;
  readonly schedule: Required<ScheduleOptions>;
  readonly balance: Required<BalanceOptions>;
  readonly loading: Required<LoadingOptions>;
  readonly validation: Required<ValidationOptions>;
}

/** An option that does not fit the data, the network or another option. */
export class TrainOptionError extends ArgumentError {
  constructor(
    readonly option:
      | 'windowPx'
      | 'network'
      | 'network.outClasses'
      | 'engine.precision'
      | 'loading.batchSize'
      | 'start.adaptStandardResnet',
    /** Expected …, got …; remedy. */
    readonly problem: string,
    options?: { cause?: unknown },
  ) {
    super(`train: ${option}: ${problem}`, options);
  }
}

/** The settings of a training on `taxonomy`. @throws TrainOptionError where options do not fit each other. */
export function resolveTrainOptions(options: TrainOptions, taxonomy: Taxonomy): TrainSettings {
  const { windowPx = 256, engine = {} } = options;
  const architecture = { outClasses: taxonomy.classes.length + 1, ...options.network };
  const network = resolveConfig(architecture);
  assertClasses(network, taxonomy);
  const { precision = 'float32' } = engine;
  if (precision !== 'float32' && precision !== 'mixed') {
    const problem = `expected float32 or mixed for training, got ${precision}, which is for inference`;
    throw new TrainOptionError('engine.precision', problem);
  }
  return {
    trainPhase: 'Train',
    validationPhase: null,
    finalName: 'model.safetensors',
    checkpointDir: './models',
    taxonomy: 'consep',
    start: { from: 'random' },
    stage: 0,
    freezeEncoder: false,
    seed: 321,
    lossWeights: {},
    augmentation: defaultAugmentOptions,
    epochs: 50,
    maxSteps: null,
    accumulatedBatches: 1,
    averageDecay: null,
    patience: null,
    saveIntervalEpochs: 10,
    saveIntervalMinutes: 10,
    ...options,
    architecture,
    network,
    windowPx,
    outputPx: fitWindow(network, windowPx),
    engine,
    optimizer: { learningRate: 1e-4, weightDecay: 1e-5, betas: [0.9, 0.999], epsilon: 1e-8, ...options.optimizer },
    schedule: { type: 'step', stepSizeEpochs: 25, gamma: 0.1, warmupSteps: 0, ...options.schedule },
    balance: { typeShare: 0, patchesPerEpoch: null, ...options.balance },
    loading: { ...loadingDefaults, shuffle: true, ...options.loading },
    validation: { ...loadingDefaults, shuffle: false, intervalEpochs: 1, ...options.validation },
  };
}

const loadingDefaults = { batchSize: 16, dropLast: false, workers: 'auto', cacheRate: 1, cacheLimitGb: null } as const;

function fitWindow(network: HoverNetConfig, windowPx: number): number {
  try {
    return outputSize(network, windowPx);
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    const problem = `does not fit the network of mode ${network.mode} (${cause.message})`;
    throw new TrainOptionError('windowPx', problem, { cause });
  }
}

function assertClasses({ outClasses }: HoverNetConfig, taxonomy: Taxonomy): void {
  const classes = taxonomy.classes.length + 1;
  if (outClasses === 0 || outClasses === classes) return;
  const problem = `expected ${classes} classes (background and the ${taxonomy.classes.length} of taxonomy ${taxonomy.name}), got ${outClasses}`;
  throw new TrainOptionError('network.outClasses', problem);
}

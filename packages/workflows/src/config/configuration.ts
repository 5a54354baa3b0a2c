// What a workflow works by: the checked form of a configuration document.
import type { Reference } from '@hovernet/core';
import type { LayoutName, PatchFormat, PhaseSources } from '@hovernet/data';
import type { HoverNetOptions } from '@hovernet/model';
import type { EncoderFreeze } from '@hovernet/model/internal';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import type { ElasticRanges, Range, StainRanges } from '@hovernet/transforms';
import type { JsonObject } from './json.js';
import type { EvaluationConfiguration } from './schema/evaluation-schema.js';
import type { InferenceConfiguration } from './schema/inference-schema.js';

export type { EvaluationConfiguration, EvaluationOutput } from './schema/evaluation-schema.js';
export type { InferenceConfiguration } from './schema/inference-schema.js';

export type WorkflowName = 'train' | 'evaluate' | 'infer';

/** A complete, checked configuration. Comments name the id in the document; defaults stand beside the schema. */
export interface HovernetConfiguration {
  /** `workflow`: what `hovernet run` starts. */
  readonly workflow: WorkflowName;
  /** `bundle_root`: folder that the other paths start from. All relative paths are relative to the working directory. */
  readonly bundleRoot: string;
  /** `ckpt_dir`: folder that training writes checkpoints to. */
  readonly checkpointDir: string;
  /** `ckpt_path_stage0`: what stage 1 starts from. */
  readonly stage0CheckpointPath: string;
  /** `weights`: checkpoint that evaluation and inference read. */
  readonly weightsPath: string;
  /** `output_dir`: folder for logs and results. */
  readonly outputDir: string;
  /** `dataset_dir`: prepared patches and tiles for training and evaluation; a folder, file or glob for inference. */
  readonly datasetDir: string;
  /** `stage`: 0 trains from `network_def#pretrained_url` or from scratch, 1 from the checkpoint of stage 0. */
  readonly stage: 0 | 1;
  /** `seed`: from which all random numbers of a run follow. */
  readonly seed: number;
  /** `taxonomy`: name of the classes of nuclei and of their merge. */
  readonly taxonomy: string;
  /** `patch_size`: side of the network's input in pixels. */
  readonly patchSizePx: number;
  /**
   * `window_size`: side of the windows of evaluation and inference. null: as `patch_size`, exact; auto: for each image the one that
   * computes least within half of the free memory. Others than the standard one give slightly other numbers, because the
   * encoder pads at a window's border.
   */
  readonly windowPx: number | 'auto' | null;
  /** `out_size`: side of the network's output in pixels; null for what the network makes of `patch_size`. */
  readonly outputSizePx: number | null;
  /**
   * `sw_batch_size`: windows of a whole image that go through the network at once. The bundle's 16 is for a GPU; on a CPU
   * more than one only costs memory. The result does not depend on it.
   */
  readonly windowBatchSize: number;
  readonly engine: EngineConfiguration;
  readonly network: NetworkConfiguration;
  readonly loss: LossConfiguration;
  readonly optimizer: OptimizerConfiguration;
  readonly schedule: ScheduleConfiguration;
  readonly training: TrainingConfiguration;
  readonly validation: ValidationConfiguration;
  readonly prepare: PrepareConfiguration;
  readonly inference: InferenceConfiguration;
  /** Section `evaluate`. */
  readonly evaluation: EvaluationConfiguration;
  /** Section `postprocess`: one set of rules for evaluation and inference. */
  readonly postprocess: SegmentNucleiOptions;
  /** The document that all this was read from, references resolved; saved with results. */
  readonly document: JsonObject;
}

/** How an engine computes. */
export type EnginePrecision = 'float32' | 'mixed' | 'float16' | 'int8';

/** Section `engine`: which runtime computes, and how. */
export interface EngineConfiguration {
  /** `name`: onnx runs the recorded graph in ONNX Runtime, tfjs runs TensorFlow.js itself. */
  readonly name: 'onnx' | 'tfjs';
  /** `provider`: execution providers in the order in which they are tried, or one TensorFlow.js backend; `auto` takes the CPU. */
  readonly providers: readonly string[];
  /** `threads`: 0 takes all processors. */
  readonly threads: number;
  /** `precision`: float32; mixed computes convolutions and products in float16; float16 and int8 are for inference alone. */
  readonly precision: EnginePrecision;
  /** `calibration`: images (file, folder or glob) on which int8 measures its ranges; take some of the training data. */
  readonly calibration: string | null;
  /** `cache_dir`: where optimised graphs are kept for the next start; null for nowhere. */
  readonly cacheDir: string | null;
  /** `allow_cpu` at the top level: where none of the providers is a CPU and none starts, the CPU takes over. @default false */
  readonly allowCpu?: boolean;
}

/** Section `network_def`. */
export interface NetworkConfiguration {
  /**
   * What `resolveConfig` takes: preset, width, mode, compat (its `reference`), out_classes, dropout_prob, decoder_padding, and single counts
   * in place of the preset's: stem_channels, stem_stride, stage_channels, units, dense_units, growth, dense_bottleneck, groups,
   * head_channels.
   */
  readonly architecture: HoverNetOptions;
  /** `freeze_encoder`: true keeps the residual units at their start weights, 'whole-encoder' all of the encoder. */
  readonly freezeEncoder: EncoderFreeze;
  /** `pretrained_url`: path or URL of encoder weights. */
  readonly pretrainedUrl: string | null;
  /**
   * `start_weights`: path, address or name (lite-consep) of a whole network's weights to start from, for other classes if need be;
   * null for none.
   */
  readonly startWeights: string | null;
  /** `adapt_standard_resnet`: those weights carry torchvision's names. */
  readonly adaptStandardResnet: boolean;
  /** `pretrained_state_dict_key`: key inside that file under which the weights lie. */
  readonly pretrainedStateDictKey: string | null;
}

/** Section `loss`: weights of the terms (`lambda_np_ce`, …). */
export interface LossConfiguration {
  readonly npCrossEntropy: number;
  readonly npDice: number;
  readonly hvMse: number;
  readonly hvGradientMse: number;
  readonly ncCrossEntropy: number;
  readonly ncDice: number;
}

/** Section `optimizer`: Adam. */
export interface OptimizerConfiguration {
  /** `lr`. */
  readonly learningRate: number;
  /** `weight_decay`: L2 term added to the gradient. */
  readonly weightDecay: number;
  readonly betas: readonly [number, number];
  /** `eps`. */
  readonly epsilon: number;
}

/** Section `lr_scheduler`. */
export interface ScheduleConfiguration {
  /** `type`: step multiplies by `gamma` every `step_size` epochs, cosine falls to 0 over all epochs, constant stays. */
  readonly type: 'step' | 'cosine' | 'constant';
  readonly stepSizeEpochs: number;
  readonly gamma: number;
  /** `warmup_steps`: first steps of the run, over which the rate rises from 0. */
  readonly warmupSteps: number;
}

/** Section `train`. */
export interface TrainingConfiguration {
  /** `train#dataset#phase`: folder in `dataset_dir` with the patches; null for Train. */
  readonly phase: string;
  /** `train#trainer#final_name`: file of the last weights; one that ends with .pt or .pth is PyTorch's. */
  readonly finalName: string;
  /** `train#trainer#max_epochs`. */
  readonly epochs: number;
  /** `train#trainer#max_steps`: ends training early and without validation, counted over all epochs; null for no limit. */
  readonly maxSteps: number | null;
  /** `train#trainer#accumulate`: batches that make one step together, as one of their joint size but for its batch-norms. */
  readonly accumulatedBatches: number;
  /** `train#trainer#save_interval`: epochs between checkpoints beside the best and the last one. */
  readonly saveIntervalEpochs: number;
  /** `train#trainer#save_minutes`: how much work an interruption that no signal announces can cost, in minutes. */
  readonly saveIntervalMinutes: number;
  /** `train#trainer#patience`: validations without a better mean Dice after which training ends; null for none. */
  readonly patience: number | null;
  /**
   * `train#trainer#ema_decay`: checkpoints and validation take an exponential moving average of the weights, of which each
   * step keeps this share; null for the weights themselves.
   */
  readonly averageDecay: number | null;
  readonly balance: BalanceConfiguration;
  readonly sampler: SamplerConfiguration;
  readonly loading: LoadingConfiguration;
  readonly augmentation: AugmentationConfiguration;
}

/** Section `train#dataloader` or `validate#dataloader`. */
export interface SamplerConfiguration {
  /** `batch_size`: patches in one step. */
  readonly batchSize: number;
  readonly shuffle: boolean;
  /** `drop_last`: leaves out a last batch that is not full. */
  readonly dropLast: boolean;
}

/** Section `train#sampler`: which patches an epoch shows. */
export interface BalanceConfiguration {
  /**
   * `type_balance`: share of the patches, 0…1, that are drawn for their types, each type as often as the others, patches by
   * how much of it they show; the rest are drawn evenly. With 0 each patch is shown once an epoch.
   */
  readonly typeShare: number;
  /** `patches_per_epoch`: patches drawn for an epoch; null for as many as there are. Not together with `type_balance` 0. */
  readonly patchesPerEpoch: number | null;
}

/** Sections `dataset` and `dataloader` of train or validate: how patches come to the network. They change no result. */
export interface LoadingConfiguration {
  /**
   * `dataloader#num_workers`: threads that make patches, 0 for the main one. auto: 0 where the network runs on the CPU,
   * which is slower than one thread is, else up to the bundle's 4.
   */
  readonly workers: number | 'auto';
  /** `dataset#cache_rate`: share of the patches to keep in memory, 0…1, 8 bytes a pixel. */
  readonly cacheRate: number;
  /** `dataset#cache_gb`: most memory to keep them in; null for half of what is free, divided by numbers of patches. */
  readonly cacheLimitGb: number | null;
}

/** Section `train#augmentation`. */
export interface AugmentationConfiguration {
  /** `rules`: whose steps and ranges; the following switch groups of them off. */
  readonly reference: Reference;
  /** Rotation, shear, translation, scaling. */
  readonly affine: boolean;
  readonly flip: boolean;
  /** `blur_noise`: one of Gaussian blur, median and noise. */
  readonly blurNoise: boolean;
  /** Brightness, contrast, saturation, hue. */
  readonly color: boolean;
  /** `noise_deviation`: standard deviation of the noise in grey levels (0…255); null for that of the rules. */
  readonly noiseDeviation: Range | null;
  /** `stain`: amounts of haematoxylin and eosin; `probability` 0 for off. */
  readonly stain: Required<StainRanges>;
  /** `elastic`: elastic deformation (`sigma`, `alpha` in pixels); `probability` 0 for off. */
  readonly elastic: Required<ElasticRanges>;
}

/** Section `validate`. */
export interface ValidationConfiguration {
  /**
   * `validate#dataset#phase`: folder in `dataset_dir` with the patches of validation and the tiles of evaluation. null: Validation
   * for the one where it is there, else Test; Test for the other.
   */
  readonly phase: string | null;
  /** `interval`: epochs between validations. */
  readonly intervalEpochs: number;
  readonly sampler: SamplerConfiguration;
  readonly loading: LoadingConfiguration;
}

/** Section `prepare`: patches from labelled tiles; its ids are the command's flags. */
export interface PrepareConfiguration {
  readonly root: string;
  /** `layout`: how the data set is stored; its labels need the taxonomy of the same name or one of your own. */
  readonly layout: LayoutName;
  /** `out`: null for `ROOT/Prepared`. */
  readonly outputDir: string | null;
  /** `phase`: each with the parts of the data set that it is made of; null for the layout's Train and Test. */
  readonly phases: readonly PhaseSources[] | null;
  /** `validation_fraction`: share of the tiles of Train that become the phase Validation. */
  readonly validationFraction: number;
  /** `type`: mirror reflects the image at its border, valid keeps to its inside. */
  readonly extraction: 'mirror' | 'valid';
  /** `is`: extension of the images. */
  readonly imageExtension: string;
  /** `ls`: extension of the labels. */
  readonly labelExtension: string;
  /** `ps`: height and width of a patch in pixels. */
  readonly patchSizePx: readonly [height: number, width: number];
  /** `ss`: rows and columns between patches in pixels. */
  readonly stepPx: readonly [rows: number, columns: number];
  /** `format`: npy is the bundle's; raw and npz (compressed) store whole tiles, and patches are cut when they are read. */
  readonly format: PatchFormat;
  /** `strict`: refuses labels that cannot be right, which are only reported else. */
  readonly strict: boolean;
  /** `jobs`: tiles worked on at the same time; 0 for one a processor. */
  readonly jobs: number;
}

// From a configuration to the plain options of a training, and from its errors back to ids.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ConfigError, type Reporter } from '@hovernet/core';
import { TrainOptionError, type TrainOptions, type TrainStart } from '@hovernet/training';
import type { HovernetConfiguration } from '../config/configuration.js';
import { findOutputSize } from '../network/check-network.js';
import { findOtherEnding, findShippedWeights } from '../network/choose-weights.js';
import { toConfigurationError, toEngineOptions } from '../network/open-engine.js';
import { selectAugmentation } from './select-augmentation.js';

/**
 * The options that `config` describes for so many processes; `reporter` hears which provider runs.
 * @throws ConfigError where windows or outputs do not fit the network.
 */
export function toTrainOptions(
  config: HovernetConfiguration,
  { processes, reporter }: { readonly processes: number; readonly reporter: Reporter },
): TrainOptions {
  const outputPx = findOutputSize(config);
  const { network, training, validation } = config;
  const { sampler, loading, augmentation, phase, ...run } = training;
  return {
    ...run,
    patchesDir: config.datasetDir,
    trainPhase: phase,
    validationPhase: validation.phase,
    checkpointDir: config.checkpointDir,
    taxonomy: config.taxonomy,
    network: network.architecture,
    windowPx: config.patchSizePx,
    start: findStart(config),
    stage: config.stage,
    freezeEncoder: network.freezeEncoder,
    seed: config.seed,
    engine: toEngineOptions(config.engine, { reporter }),
    lossWeights: config.loss,
    optimizer: config.optimizer,
    schedule: config.schedule,
    augmentation: selectAugmentation(augmentation),
    loading: { ...sampler, ...loading },
    validation: { ...validation.sampler, ...validation.loading, intervalEpochs: validation.intervalEpochs },
    runKey: fingerprint(config, { processes, outputPx }),
  };
}

function findStart({ stage, stage0CheckpointPath, network }: HovernetConfiguration): TrainStart {
  if (stage === 1) {
    const isThere = existsSync(stage0CheckpointPath);
    return {
      from: 'checkpoint',
      path: isThere ? stage0CheckpointPath : (findOtherEnding(stage0CheckpointPath) ?? stage0CheckpointPath),
    };
  }
  const { startWeights, pretrainedUrl, adaptStandardResnet, pretrainedStateDictKey: key } = network;
  if (startWeights !== null) return { from: 'network', source: findShippedWeights(startWeights) ?? startWeights };
  if (pretrainedUrl === null) return { from: 'random' };
  return { from: 'encoder', source: pretrainedUrl, adaptStandardResnet, ...(key !== null && { stateDictKey: key }) };
}

/** What decides the weights after a given number of steps; the number of epochs (but for cosine), paths of results and the engine do not. */
const deciding = [
  'network_def',
  'loss',
  'optimizer',
  'lr_scheduler',
  'seed',
  'stage',
  'patch_size',
  'out_size',
  'taxonomy',
];

function fingerprint(
  config: HovernetConfiguration,
  { processes, outputPx }: { readonly processes: number; readonly outputPx: number },
): string {
  const { document, schedule, training, engine, datasetDir } = config;
  // As states of interrupted runs were written: under the id, with the name that it had.
  const { reference, ...steps } = training.augmentation;
  const augmentation = { rules: reference === 'hover_net' ? 'original' : reference, ...steps };
  const parts = [
    // An output size that was derived counts as the same one given.
    deciding.map((id) => (id === 'out_size' && document[id] === null ? outputPx : document[id])),
    training.sampler,
    training.balance,
    training.averageDecay,
    schedule.type === 'cosine' && training.epochs,
    training.accumulatedBatches,
    processes,
    augmentation,
    engine.precision,
    datasetDir,
    // Only what differs from earlier versions' only phase.
    ...(training.phase === 'Train' ? [] : [training.phase]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const ids: Readonly<Record<TrainOptionError['option'], string>> = {
  windowPx: 'patch_size',
  network: 'network_def',
  'network.outClasses': 'network_def#out_classes',
  'engine.precision': 'engine#precision',
  'loading.batchSize': 'train#dataloader#batch_size',
  'start.adaptStandardResnet': 'network_def#adapt_standard_resnet',
};

/** The same problem in the words of a configuration; other errors as they are. */
export function toConfigError(error: unknown): unknown {
  if (!(error instanceof TrainOptionError)) return toConfigurationError(error);
  return new ConfigError(ids[error.option], error.problem, { cause: error });
}

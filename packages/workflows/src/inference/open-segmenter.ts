// The segmenter that a configuration asks for.
import { availableParallelism } from 'node:os';
import { ConfigError } from '@hovernet/core';
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import {
  createFolderScratch,
  createSegmenter,
  openImage,
  openNetwork,
  type NodeImage,
  type OpenedNetwork,
  type OpenNetworkOptions,
  type SegmenterParts,
  type TrainedNetwork,
} from '@hovernet/inference/internal';
import type { DecodedImage, SegmentationOptions, Segmenter } from '@hovernet/inference';
import { createPostprocessPool, type PostprocessPool } from '@hovernet/postprocess/node';
import type { EngineConfiguration, HovernetConfiguration } from '../config/configuration.js';
import { checkClasses } from '../network/check-network.js';
import { chooseWeights, findShippedModel } from '../network/choose-weights.js';
import { describeUse, type UsedNetwork } from '../network/used-network.js';
import { parseProviders } from '../network/open-engine.js';
import type { WorkflowContext } from '../workflow-context.js';
import { openPadding, openWindow } from './window-defaults.js';

export interface ConfiguredSegmenter {
  readonly segmenter: Segmenter<NodeImage | DecodedImage>;
  readonly network: TrainedNetwork;
  readonly taxonomy: Taxonomy;
  readonly used: UsedNetwork;
}

/**
 * Reads the weights of `config`, starts the engine and the threads of post-processing. ONNX models, and the shipped weights where
 * the CPU computes in float32, run as they are; other weights load TensorFlow.js.
 * `mayTakeShipped` as for chooseWeights.
 * @throws WeightsError where the taxonomy would have to name the classes and has another number of them; what opening an
 * engine throws.
 */
export async function openConfiguredSegmenter(
  config: HovernetConfiguration,
  { reporter }: Pick<WorkflowContext, 'reporter'>,
  options: { readonly mayTakeShipped?: boolean } = {},
): Promise<ConfiguredSegmenter> {
  // Its thread starts while the network is read and compiled.
  const pool = createPostprocessPool({ startNow: true });
  try {
    const { path, name, note } = chooseWeights(config.weightsPath, options);
    if (note !== null) reporter.message(note);
    const taxonomy = await loadTaxonomy(config.taxonomy);
    const model = findModel(path, config.engine);
    const opened =
      model === undefined
        ? await (await import('./open-program.js')).openProgram(path, config, { taxonomy, reporter })
        : nameClasses(await openNetwork(model, describeSessions(config.engine)), taxonomy, model);
    const { network } = opened;
    const weights = { ...opened.weights, name };
    const used = describeUse(weights, network.config, describeSegmentation(config, network.config).windowPx);
    return { segmenter: createConfiguredSegmenter(config, { ...opened, weights, pool }), network, taxonomy, used };
  } catch (error) {
    await pool.dispose();
    throw error;
  }
}

/** Classes of the taxonomy, where a model with types names none. @throws WeightsError where it has another number of them. */
function nameClasses(opened: OpenedNetwork, taxonomy: Taxonomy, path: string): OpenedNetwork {
  const { network } = opened;
  if (network.classes.length > 0 || network.config.outClasses === 0) return opened;
  checkClasses(network.config, taxonomy, path);
  return { ...opened, network: { ...network, classes: taxonomy.classes } };
}

/** The ONNX model to run in place of tracing the weights at `path`; undefined where there is none. */
function findModel(path: string, { name, providers, precision }: EngineConfiguration): string | undefined {
  const isPlain = name === 'onnx' && precision === 'float32';
  if (!/\.onnx$/i.test(path)) {
    const onCpu = providers.every((provider) => provider === 'auto' || provider === 'cpu');
    return isPlain && onCpu ? findShippedModel(path) : undefined;
  }
  if (isPlain) return path;
  const problem = `expected engine onnx and precision float32 for an ONNX model, got ${name} and ${precision}; export it in that precision`;
  throw new ConfigError('engine', problem);
}

function describeSessions({ threads, cacheDir, providers }: EngineConfiguration): OpenNetworkOptions {
  return { threads: threads > 0 ? threads : availableParallelism(), cacheDir, providers: parseProviders(providers) };
}

/** A segmenter as `config` asks, which disposes of `network` and `pool`; `output_dir` holds what does not fit into memory. */
export function createConfiguredSegmenter(
  config: SegmenterConfiguration,
  { pool, ...opened }: OpenedNetwork & { readonly pool: PostprocessPool },
): Segmenter<NodeImage | DecodedImage> {
  const scratch = createFolderScratch(config.outputDir);
  const parts: SegmenterParts<NodeImage> = {
    ...opened,
    finder: pool,
    scratch,
    openImage: (image) => openImage(image, { scratch }),
    async dispose() {
      await opened.network.dispose();
      await pool.dispose();
    },
  };
  return createSegmenter(parts, describeSegmentation(config, opened.network.config));
}

export type SegmenterConfiguration = Pick<
  HovernetConfiguration,
  'inference' | 'outputDir' | 'patchSizePx' | 'postprocess' | 'windowBatchSize' | 'windowPx'
>;

/** The sections `infer` and `postprocess`, and the flags beside them, as options of a segmenter. */
export function describeSegmentation(
  config: SegmenterConfiguration,
  architecture: TrainedNetwork['config'],
): SegmentationOptions {
  const { inference, postprocess, windowBatchSize } = config;
  return {
    mpp: inference.mpp,
    resample: inference.resample,
    stainGain: inference.stainGain,
    postprocess,
    views: inference.views,
    padding: openPadding(inference.padding, architecture),
    batchSize: windowBatchSize,
    windowPx: openWindow(config, architecture),
    cellPx: inference.blockPx,
    haloPx: inference.blockMarginPx,
  };
}

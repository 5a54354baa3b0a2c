// The segmenter that a configuration asks for.
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import {
  createFolderScratch,
  createSegmenter,
  openImage,
  openProgramNetwork,
  type NodeImage,
  type SegmenterParts,
  type TrainedNetwork,
} from '@hovernet/inference/internal';
import type { DecodedImage, SegmentationOptions, Segmenter } from '@hovernet/inference';
import { createPostprocessPool, type PostprocessPool } from '@hovernet/postprocess/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkClasses } from '../network/check-network.js';
import { loadWeights } from '@hovernet/model/node';
import { chooseWeights } from '../network/choose-weights.js';
import { openEngine } from '../network/open-engine.js';
import { reportCheckpoint } from '../network/report-checkpoint.js';
import type { WorkflowContext } from '../workflow-context.js';
import { openPadding, openWindow } from './window-defaults.js';

export interface ConfiguredSegmenter {
  readonly segmenter: Segmenter<NodeImage | DecodedImage>;
  readonly network: TrainedNetwork;
  readonly taxonomy: Taxonomy;
}

/**
 * Reads the weights of `config`, starts the engine and the threads of post-processing.
 * @throws WeightsError where the taxonomy would have to name the classes and has another number of them; what opening an
 * engine throws.
 */
export async function openConfiguredSegmenter(
  config: HovernetConfiguration,
  { reporter }: Pick<WorkflowContext, 'reporter'>,
): Promise<ConfiguredSegmenter> {
  // Its thread starts while the network is read and compiled.
  const pool = createPostprocessPool({ startNow: true });
  try {
    const { path, note } = chooseWeights(config);
    if (note !== null) reporter.message(note);
    const taxonomy = await loadTaxonomy(config.taxonomy);
    const checkpoint = await loadWeights(path, { assumed: config.network.architecture });
    const { config: architecture, classes, state, details } = checkpoint;
    if (classes.length === 0) checkClasses(architecture, taxonomy, path);
    openWindow(config, architecture);
    reportCheckpoint(reporter, path, checkpoint);
    const engine = await openEngine(config.engine, architecture, { reporter });
    const known = classes.length > 0 ? classes : taxonomy.classes;
    const network = await openProgramNetwork(engine, {
      config: architecture,
      classes: architecture.outClasses > 0 ? known : [],
      mpp: details.mpp ?? null,
      state,
    });
    const weights = { name: path, sha256: null };
    return { segmenter: createConfiguredSegmenter(config, { network, weights, pool }), network, taxonomy };
  } catch (error) {
    await pool.dispose();
    throw error;
  }
}

/** A segmenter as `config` asks, which disposes of `network` and `pool`; `output_dir` holds what does not fit into memory. */
export function createConfiguredSegmenter(
  config: SegmenterConfiguration,
  {
    network,
    weights,
    pool,
  }: Pick<ConfiguredSegmenter, 'network'> & Pick<SegmenterParts<never>, 'weights'> & { readonly pool: PostprocessPool },
): Segmenter<NodeImage | DecodedImage> {
  const scratch = createFolderScratch(config.outputDir);
  const parts: SegmenterParts<NodeImage> = {
    network,
    weights,
    finder: pool,
    scratch,
    openImage: (image) => openImage(image, { scratch }),
    async dispose() {
      await network.dispose();
      await pool.dispose();
    },
  };
  return createSegmenter(parts, describeSegmentation(config, network.config));
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
    postprocess,
    views: inference.views,
    padding: openPadding(inference.padding, architecture),
    batchSize: windowBatchSize,
    windowPx: openWindow(config, architecture),
    cellPx: inference.blockPx,
    haloPx: inference.blockMarginPx,
  };
}

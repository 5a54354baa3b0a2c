// Segmenters in Node: sessions and post-processing in threads, scratch files for large images.
import { availableParallelism, tmpdir } from 'node:os';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import { onnxUrl } from '@hovernet/weights-lite-consep';
import { createFolderScratch } from '../scratch/node/folder-scratch.js';
import type { DecodedImage, OnProgress, SegmentationOptions, Segmenter } from '../segmenter-options.js';
import { createSegmenter, type SegmenterParts } from '../segmenter.js';
import { openImage, type NodeImage } from '../sources/node/open-image.js';
import { openNetwork } from './open-network.js';

/** Everything that a Node program can segment. */
export type SegmenterImage = NodeImage | DecodedImage;

export interface OpenSegmenterOptions extends SegmentationOptions {
  /**
   * ONNX models that this project exported run as they are; other files that `loadWeights` of `@hovernet/model` reads load
   * TensorFlow.js. Path, address or bytes. @default those of `@hovernet/weights-lite-consep`
   */
  readonly weights?: string | URL | Uint8Array | undefined;
  /** Threads of the network. @default one a processor */
  readonly threads?: number | undefined;
  /** Folder for what large images do not keep in memory. @default the system's folder for temporary files */
  readonly scratchFolder?: string | undefined;
  /** Folder for optimised graphs; null for none. @default null */
  readonly cacheDir?: string | null | undefined;
  /** Called as windows of an image are done. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Opens a segmenter; close it, or the process stays alive.
 * @throws FileError or WeightsError for weights that cannot be read; EngineError where ONNX Runtime does not start.
 */
export async function openSegmenter(options: OpenSegmenterOptions = {}): Promise<Segmenter<SegmenterImage>> {
  const { weights = onnxUrl, threads = availableParallelism(), scratchFolder = tmpdir(), cacheDir = null } = options;
  // Its thread starts while the network is read and compiled.
  const pool = createPostprocessPool({ startNow: true });
  try {
    const opened = await openNetwork(weights, { threads, cacheDir });
    const scratch = createFolderScratch(scratchFolder);
    const parts: SegmenterParts<SegmenterImage> = {
      ...opened,
      finder: pool,
      scratch,
      openImage: (image, signal) => openImage(image, { scratch }, signal),
      async dispose() {
        await opened.network.dispose();
        await pool.dispose();
      },
    };
    return createSegmenter<SegmenterImage>(parts, options);
  } catch (error) {
    await pool.dispose();
    throw error;
  }
}

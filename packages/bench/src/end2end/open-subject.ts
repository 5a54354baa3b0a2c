// What is segmented from end to end: a network, an image in a file, and a folder for its results.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPng, writePng } from '@hovernet/files/node';
import { planImage, type ProgramWeights } from '@hovernet/inference/internal';
import { loadWeights } from '@hovernet/model/node';
import { countWindows, type WindowPlan } from '@hovernet/transforms';
import type { BenchOptions } from '../bench-case.js';
import { createBenchNetwork } from '../bench-network.js';
import { createScene } from '../scene.js';

export interface EndToEndOptions extends BenchOptions {
  /** Weights in place of a preset's random ones. */
  readonly weightsPath?: string | undefined;
  /** What the document calls the network. @default the file of the weights, or the preset */
  readonly networkName?: string | undefined;
  /** PNG image in place of a scene. */
  readonly imagePath?: string | undefined;
  /** Side of the scene in pixels. @default 1000, a tile of CoNSeP */
  readonly sizePx?: number | undefined;
  /** Windows that go through the network at once. @default 1 */
  readonly batchSize?: number | undefined;
}

export interface OpenedSubject {
  readonly network: ProgramWeights;
  readonly networkName: string;
  readonly imagePath: string;
  readonly plan: WindowPlan;
  /** Windows of the image. */
  readonly windows: number;
  /** Windows that go through the network at once. */
  readonly batchSize: number;
  /** Holds the results. */
  readonly folder: string;
  /** Removes the folder. */
  dispose(): Promise<void>;
}

/**
 * Reads or makes the network and the image.
 * @throws FileError or WeightsError for files; ShapeError for a window that does not fit the network.
 */
export async function openSubject(options: EndToEndOptions): Promise<OpenedSubject> {
  const { weightsPath, preset = 'base', sizePx = 1000, windowsPx } = options;
  const network = weightsPath === undefined ? createBenchNetwork(preset) : await readWeights(weightsPath);
  const folder = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const imagePath = options.imagePath ?? join(folder, 'scene.png');
    if (options.imagePath === undefined) await writePng(imagePath, createScene(sizePx).image);
    const [height, width] = (await readPng(imagePath)).shape as [number, number];
    const { windows: plan } = planImage(network.config, { height, width }, { windowPx: windowsPx?.[0] });
    const windows = countWindows(plan);
    const batchSize = Math.min(options.batchSize ?? 1, windows);
    const networkName = options.networkName ?? weightsPath ?? preset;
    return { network, networkName, imagePath, plan, windows, batchSize, folder, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function readWeights(path: string): Promise<ProgramWeights> {
  const { config, classes, mpp = null, state } = await loadWeights(path);
  return { config, classes, mpp, state };
}

// What is segmented from end to end: a network, an image in a file, and a folder for its results.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError } from '@hovernet/core';
import { readPng, writePng } from '@hovernet/files/node';
import type { PresetName } from '@hovernet/model';
import { countWindows, type WindowPadding, type WindowPlan } from '@hovernet/transforms';
import type { HovernetConfiguration } from '../../config/configuration.js';
import { loadConfiguration } from '../../config/load-configuration.js';
import { packagedFile } from '../../config/load-document.js';
import { planImage, standardWindow, type ProgramWeights } from '@hovernet/inference/internal';
import { describeSegmentation } from '../../inference/open-segmenter.js';
import { openPadding } from '../../inference/window-defaults.js';
import { loadWeights } from '@hovernet/model/node';
import { findShippedWeights } from '../../network/choose-weights.js';
import type { BenchSubject } from '../bench-case.js';
import { createBenchNetwork } from '../bench-network.js';
import { createScene } from '../scene.js';

export interface OpenedSubject {
  readonly network: ProgramWeights;
  /** The preset, or the file of the weights. */
  readonly networkName: string;
  readonly imagePath: string;
  readonly plan: WindowPlan;
  readonly padding: WindowPadding;
  /** Windows of the image. */
  readonly windows: number;
  /** Windows that go through the network at once. */
  readonly batchSize: number;
  /** How `hovernet infer` goes about it unless it is told otherwise, with results in a folder of its own. */
  readonly config: HovernetConfiguration;
  /** Removes the folder. */
  dispose(): Promise<void>;
}

export interface SubjectOptions extends BenchSubject {
  readonly preset?: PresetName | undefined;
  /** Side of a window in pixels; the network's own where undefined. */
  readonly windowPx?: number | undefined;
}

/** Side of the scene: a tile of CoNSeP. */
const tilePx = 1000;

/**
 * Reads or makes the network and the image.
 * @throws ArgumentError for two networks or two images; FileError or WeightsError for files; ShapeError for a window that does not fit the network.
 */
export async function openSubject(options: SubjectOptions): Promise<OpenedSubject> {
  const { weightsPath, preset = 'base', sizePx = tilePx } = options;
  assertOne({ '--preset': options.preset, '--weights': weightsPath });
  assertOne({ '--size': options.sizePx, '--image': options.imagePath });
  const packaged = await loadConfiguration({ files: [packagedFile('inference')] });
  const network = weightsPath === undefined ? createBenchNetwork(preset) : await readWeights(weightsPath);
  const sizes = { patchSizePx: standardWindow(network.config), windowPx: options.windowPx ?? null };
  const folder = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const imagePath = options.imagePath ?? join(folder, 'scene.png');
    if (options.imagePath === undefined) await writePng(imagePath, createScene(sizePx).image);
    const [height, width] = (await readPng(imagePath)).shape as [number, number];
    const config = { ...packaged, ...sizes, outputDir: folder };
    const { windows: plan } = planImage(
      network.config,
      { height, width },
      describeSegmentation(config, network.config),
    );
    const windows = countWindows(plan);
    const batchSize = Math.min(options.batchSize ?? 1, windows);
    const networkName = weightsPath ?? preset;
    const padding = openPadding(packaged.inference.padding, network.config);
    return {
      network,
      networkName,
      imagePath,
      plan,
      padding,
      windows,
      batchSize,
      config: { ...config, windowBatchSize: batchSize },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function readWeights(path: string): Promise<ProgramWeights> {
  const { config, classes, state, details } = await loadWeights(findShippedWeights(path) ?? path);
  return { config, classes, mpp: details.mpp ?? null, state };
}

function assertOne(flags: Readonly<Record<string, unknown>>): void {
  if (Object.values(flags).includes(undefined)) return;
  throw new ArgumentError(`bench end2end: expected one of ${Object.keys(flags).join(' and ')}, got both`);
}

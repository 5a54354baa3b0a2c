// What is segmented from end to end: a network, an image in a file, and a folder for its results.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError } from '@hovernet/core';
import { readPng, writePng } from '@hovernet/data';
import { outputSize, type PresetName } from '@hovernet/model';
import { countWindows, planWindows, type WindowPlan } from '@hovernet/transforms';
import { defaultWindowPx } from '../../export/encode-forward-model.js';
import type { TrainedNetwork } from '../../inference/tile-predictor.js';
import { readCheckpoint } from '../../network/checkpoint.js';
import type { BenchSubject } from '../bench-case.js';
import { createBenchNetwork } from '../bench-network.js';
import { createScene } from '../scene.js';

export interface OpenedSubject {
  readonly network: TrainedNetwork;
  /** The preset, or the file of the weights. */
  readonly networkName: string;
  readonly imagePath: string;
  readonly plan: WindowPlan;
  /** Windows of the image. */
  readonly windows: number;
  /** Windows that go through the network at once. */
  readonly batchSize: number;
  /** Folder for results. */
  readonly folder: string;
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
  const network = weightsPath === undefined ? createBenchNetwork(preset) : await readCheckpoint(weightsPath);
  const input = options.windowPx ?? defaultWindowPx(network.config);
  const output = outputSize(network.config, input);
  const folder = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const imagePath = options.imagePath ?? join(folder, 'scene.png');
    if (options.imagePath === undefined) await writePng(imagePath, createScene(sizePx).image);
    const [height, width] = (await readPng(imagePath)).shape as [number, number];
    const plan = planWindows(height, width, { input, output });
    const windows = countWindows(plan);
    const batchSize = Math.min(options.batchSize ?? 1, windows);
    return { network, networkName: weightsPath ?? preset, imagePath, plan, windows, batchSize, folder, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function assertOne(flags: Readonly<Record<string, unknown>>): void {
  if (Object.values(flags).includes(undefined)) return;
  throw new ArgumentError(`bench end2end: expected one of ${Object.keys(flags).join(' and ')}, got both`);
}

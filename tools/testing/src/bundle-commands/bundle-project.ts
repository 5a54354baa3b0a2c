// A folder in which the commands of MONAI's bundle can be typed: a few tiles in CoNSeP's layout, and the packaged configuration
// files with a few values that make training, evaluation and inference small.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { workspacePath } from '../reference-data.js';
import { readPngSize } from './read-files.js';

/** A labelled image of the data set. */
export interface BundleTile {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export type Phase = 'Train' | 'Test';

export interface BundleProject {
  readonly folder: string;
  readonly tiles: Readonly<Record<Phase, readonly BundleTile[]>>;
  /** What the commands call by name: folders, and an address that is set where it is served. */
  readonly variables: Record<'ROOT' | 'DATA' | 'IMAGES' | 'RESULTS' | 'PROJECT' | 'ENCODER_URL', string>;
}

export interface BundleProjectOptions {
  /** Data set in CoNSeP's layout. @default the samples of this repository */
  readonly source?: string;
  /** Tiles that are copied of each phase, the first ones by name. @default 2 */
  readonly tilesPerPhase?: number;
}

/** Patches are smaller than the bundle's, so that a step takes less than a second. */
const small: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'train.json': {
    epochs: 1,
    patch_size: 128,
    out_size: 76,
    dataset_dir: 'data/Prepared',
    'network_def#preset': 'tiny',
    'network_def#width': 0.5,
  },
  'inference.json': {
    patch_size: 128,
    out_size: 76,
    dataset_dir: 'data/Test/Images',
    'network_def#preset': 'tiny',
    'network_def#width': 0.5,
  },
};

/** Files that stand beside `configs`. */
const ownFiles = {
  'args.json': { config_file: 'configs/inference.json', output_dir: 'not-this', sw_batch_size: 2 },
  'logging.json': { level: 'WARNING', file: 'hovernet.log' },
};

/** Writes the project to `folder`, which is made where it is missing. */
export function writeBundleProject(folder: string, options: BundleProjectOptions = {}): BundleProject {
  const { source = workspacePath('samples/nucls'), tilesPerPhase = 2 } = options;
  const copy = (phase: Phase) => copyTiles(join(source, phase), join(folder, 'data', phase), tilesPerPhase);
  const tiles = { Train: copy('Train'), Test: copy('Test') };
  writeConfigurations(join(folder, 'configs'));
  for (const [name, content] of Object.entries(ownFiles)) writeFileSync(join(folder, name), JSON.stringify(content));
  const root = join(folder, 'data');
  return {
    folder,
    tiles,
    variables: {
      ROOT: root,
      DATA: join(root, 'Prepared'),
      IMAGES: join(root, 'Test/Images'),
      RESULTS: join(folder, 'results'),
      PROJECT: folder,
      ENCODER_URL: '',
    },
  };
}

function copyTiles(from: string, to: string, count: number): BundleTile[] {
  const images = readdirSync(join(from, 'Images')).filter((name) => name.endsWith('.png'));
  const chosen = images.sort().slice(0, count);
  if (chosen.length === 0) throw new Error(`${from}: expected Images/NAME.png and Labels/NAME.mat, got no image`);
  for (const part of ['Images', 'Labels']) mkdirSync(join(to, part), { recursive: true });
  return chosen.map((image) => {
    const name = basename(image, '.png');
    for (const file of [join('Images', image), join('Labels', `${name}.mat`)])
      copyFileSync(join(from, file), join(to, file));
    return { name, ...readPngSize(join(to, 'Images', image)) };
  });
}

function writeConfigurations(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const packaged = workspacePath('packages/workflows/configs');
  for (const name of readdirSync(packaged)) {
    if (small[name] === undefined) copyFileSync(join(packaged, name), join(folder, name));
    else
      writeFileSync(join(folder, name), JSON.stringify({ ...readJson(join(packaged, name)), ...small[name] }, null, 2));
  }
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}

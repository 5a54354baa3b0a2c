// `hovernet evaluate` as people type it: what it prints, what it leaves behind, and what it does with bad tiles.
import { createRandom } from '@hovernet/core';
import { readPng, writeNpy } from '@hovernet/files/node';
import { initializeWeights, outputSize, resolveConfig } from '@hovernet/model';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene } from '@hovernet/bench';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { hashConfiguration } from '../../src/config/save-configuration.js';
import { writeCheckpoint, type EvaluationDocument } from '@hovernet/training';
import { parseOutput, runCaptured, type CapturedRun } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';
import { smallNetwork, smallOutputPx } from './small-project.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const weights = join(folder, 'weights.safetensors');
let config: string;

type Printed = EvaluationDocument & { readonly failures: readonly string[]; readonly config_hash: string };

/** Runs the command; results go to `{folder}/{out}`. */
function evaluate(out: string, ...words: readonly string[]): Promise<CapturedRun> {
  const paths = ['--bundle_root', folder, '--weights', weights, '--output_dir', join(folder, out)];
  return runCaptured(['evaluate', '--config_file', config, ...paths, ...words]);
}

function read(out: string, file: string): string {
  return readFileSync(join(folder, out, file), 'utf8');
}

/** Side of the tiles in pixels: four windows cover one. */
const tilePx = smallOutputPx + 20;

async function writePreparedTile(name: string, seed: number): Promise<void> {
  const { image, instanceMap, typeMap } = createScene(tilePx, seed);
  const label = Int32Array.from({ length: 2 * tilePx ** 2 }, (_, i) => (i % 2 ? typeMap : instanceMap).data[i >> 1]!);
  const path = (kind: string) => join(folder, `prepared/Test/${kind}_${name}.npy`);
  await writeNpy(path('image'), { dtype: 'uint8', shape: [tilePx, tilePx, 3], data: image.data });
  await writeNpy(path('label'), { dtype: 'int32', shape: [tilePx, tilePx, 2], data: label });
}

beforeAll(async () => {
  await writePreparedTile('c', 3);
  await writePreparedTile('d', 4);
  const settings = {
    taxonomy: 'consep-merged',
    dataset_dir: join(folder, 'prepared'),
    patch_size: 128,
    sw_batch_size: 2,
  };
  config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(settings));
  const state = initializeWeights(smallNetwork, createRandom(1));
  await writeCheckpoint(weights, { config: smallNetwork, classes: [], state });
});

describe('an evaluation', () => {
  let run: CapturedRun;
  let document: Printed;

  beforeAll(async () => {
    run = await evaluate('eval', '--evaluate#outputs', "['nifti','overlay']", '--json');
    expect(run.exitCode, run.stderr).toBe(0);
    document = parseOutput(run);
  });

  it('leaves scores, tables, configuration, maps and pictures, and nothing unfinished', () => {
    const ofTile = ['_comparison.png', '_instance_map.nii.gz', '_type_map.nii.gz'];
    const tables = ['metrics.csv', 'val_mean_dice_raw.csv', 'val_mean_dice_summary.csv'];
    const expected = ['c', 'd'].flatMap((name) => ofTile.map((ending) => name + ending));
    expect(listFiles(join(folder, 'eval'))).toEqual(
      [...expected, 'evaluate_config.json', 'evaluation.json', ...tables].sort(),
    );
  });

  it('prints what evaluation.json holds', () => {
    expect(JSON.parse(read('eval', 'evaluation.json'))).toEqual(document);
    expect(document.images.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(document.failures).toEqual([]);
  });

  it('writes the tables of the bundle with the same figures', () => {
    const dice = document.val_mean_dice;
    expect(read('eval', 'metrics.csv').split('\n')[0]).toBe(`val_mean_dice,${dice}`);
    const raw = read('eval', 'val_mean_dice_raw.csv').trim().split('\n');
    const values = document.images.map((image) => image.dice.toFixed(4));
    expect(raw).toEqual(['filename,class0,mean', `c,${values[0]},${values[0]}`, `d,${values[1]},${values[1]}`]);
    const [header, ofClass, mean] = read('eval', 'val_mean_dice_summary.csv').trim().split('\n');
    expect(header).toBe('class,mean,median,max,min,90percentile,std,notnans');
    expect(ofClass).toMatch(new RegExp(`^class0,${dice.toFixed(4)},.*,2\\.0000$`));
    expect(mean).toBe(ofClass!.replace('class0', 'mean'));
  });

  it('saves the configuration that it ran with, under its hash', async () => {
    const saved = join(folder, 'eval/evaluate_config.json');
    const again = await loadConfiguration({ files: [saved] });
    expect(again.evaluation).toEqual({ outputs: ['nifti', 'overlay'], pairing: 'global', resamples: 1000 });
    expect(hashConfiguration(again)).toBe(document.config_hash);
  });

  it('draws truth against prediction on the tile', async () => {
    const picture = await readPng(join(folder, 'eval/c_comparison.png'));
    expect(picture.shape).toEqual([tilePx, tilePx, 3]);
    const colors = new Set(Array.from({ length: tilePx ** 2 }, (_, i) => picture.data.slice(3 * i, 3 * i + 3).join()));
    expect(colors).toContain('0,0,255');
  });

  it('gives the same scores when it runs again, in other batches, and tells people what it does', async () => {
    const { stdout, stderr, exitCode } = await evaluate('again', '--sw_batch_size', '3', '--evaluate#outputs', '[]');
    expect(exitCode).toBe(0);
    expect({ ...(JSON.parse(read('again', 'evaluation.json')) as Printed), config_hash: '' }).toEqual({
      ...document,
      config_hash: '',
    });
    for (const file of ['metrics.csv', 'val_mean_dice_raw.csv', 'val_mean_dice_summary.csv'])
      expect(read('again', file)).toBe(read('eval', file));
    expect(stdout).toMatch(/^tile +Dice +AJI +AJI\+ +DQ +SQ +PQ$/m);
    expect(stdout).toMatch(/^binary Dice \(val_mean_dice\) +0\.\d{4} +0\.\d{4} +0\.\d{4}$/m);
    expect(stdout).toMatch(/^class +F1 +95 % from +95 % to +DQ +SQ +PQ +R² of counts$/m);
    expect(stdout).toMatch(/^scores {2}.*again\/evaluation\.json$/m);
    expect(stderr).toMatch(/^evaluating: 2\/2 tiles, .*tile d · windows 4\/4$/m);
    expect(existsSync(join(folder, 'again/c_instance_map.nii.gz'))).toBe(false);
  });
});

describe('another network', () => {
  it('whose output is as large as its input is evaluated too, with mirrored borders and in several views', async () => {
    const network = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5, decoderPadding: true });
    expect(outputSize(network, 128)).toBe(128);
    const path = join(folder, 'padded.safetensors');
    await writeCheckpoint(path, { config: network, classes: [], state: initializeWeights(network, createRandom(2)) });
    const words = ['--weights', path, '--evaluate#outputs', '[]', '--json'];
    const plain = parseOutput<Printed>(await evaluate('padded', ...words));
    const mirrored = parseOutput<Printed>(await evaluate('mirrored', ...words, '--mirror', '--infer#tta', 'flips'));
    expect(mirrored.images.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(mirrored.val_mean_dice).not.toBe(plain.val_mean_dice);
  });
});

describe('a tile that is damaged', () => {
  it('is reported, the rest is scored, and the command ends with 2', async () => {
    const mixed = join(folder, 'mixed/Test');
    mkdirSync(mixed, { recursive: true });
    for (const name of ['image_c.npy', 'label_c.npy', 'image_d.npy', 'label_d.npy'])
      copyFileSync(join(folder, 'prepared/Test', name), join(mixed, name));
    const label = join(mixed, 'label_c.npy');
    writeFileSync(label, readFileSync(label).subarray(0, 5000));
    const run = await evaluate('partly', '--dataset_dir', join(folder, 'mixed'), '--json');
    expect(run.exitCode).toBe(2);
    const { images, failures } = parseOutput<Printed>(run);
    expect(images.map(({ name }) => name)).toEqual(['d']);
    expect(failures).toEqual([expect.stringMatching(/mixed\/Test\/label_c\.npy: /)]);
    expect(run.stderr.match(/label_c\.npy/g)).toHaveLength(1);
    expect(read('partly', 'val_mean_dice_raw.csv')).toMatch(/^filename,class0,mean\nd,0\.\d{4},0\.\d{4}\n$/);
  });
});

describe('a setting', () => {
  it.each([
    ['--evaluate#outputs', 'pictures', /evaluate#outputs/],
    ['--evaluate#resamples', '0', /evaluate#resamples/],
    ['--evaluate#output', 'nifti', /evaluate#output: .*evaluate#outputs|evaluate#output: .*outputs/],
  ])('%s %s is refused by its id, before anything is read', async (id, value, message) => {
    const run = await evaluate('refused', id, value);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});

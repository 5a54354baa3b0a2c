// The main job from labelled tiles to nuclei, by the commands that people type.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readNpy, readNpz, readPng } from '@hovernet/files/node';
import { parseNuclei } from '@hovernet/export';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutput, runCaptured, type CapturedRun } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';
import { tilePx, writeSmallProject } from './small-project.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-main-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

const weights = join(folder, 'models/stage0/model.safetensors');
const scores = join(folder, 'scores');
const results = join(folder, 'results');
let prepared: CapturedRun;
let trained: CapturedRun;
let evaluated: CapturedRun;
let inferred: CapturedRun;

/** Runs a workflow of the small project; everything that it writes goes under `folder`. */
async function runWorkflow(name: string, config: string, ...words: string[]): Promise<CapturedRun> {
  const run = await runCaptured([name, '--config_file', config, '--bundle_root', folder, ...words, '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  return run;
}

beforeAll(async () => {
  const config = await writeSmallProject(folder);
  prepared = await runCaptured(['prepare', '--config_file', config, '--json']);
  trained = await runWorkflow('train', config);
  evaluated = await runWorkflow('evaluate', config, '--weights', weights, '--output_dir', scores);
  const images = join(folder, 'data/Test/Images');
  const words = ['--weights', weights, '--dataset_dir', images, '--output_dir', results, '--raw'];
  inferred = await runWorkflow('infer', config, ...words);
}, 300_000);

it('prepares patches of every tile', () => {
  const { phases } = parseOutput<{ phases: unknown }>(prepared);
  expect(phases).toEqual({ Train: { tiles: 2, patches: 50 }, Test: { tiles: 2, patches: 50 } });
});

describe('training', () => {
  interface Epoch {
    readonly epoch: number;
    readonly loss: number;
    readonly terms: Readonly<Record<string, number>>;
    readonly val_mean_dice: number;
  }

  it('lowers the loss and every term of it, and learns where nuclei are', () => {
    const lines = readFileSync(join(folder, 'eval/stage0/train_log.jsonl'), 'utf8').trim().split('\n');
    const [first, second] = lines.map((line) => JSON.parse(line) as Epoch) as [Epoch, Epoch];
    expect([first.epoch, second.epoch, lines.length]).toEqual([1, 2, 2]);
    expect(second.loss).toBeLessThan(0.8 * first.loss);
    expect(Object.keys(first.terms)).toHaveLength(6);
    for (const [name, value] of Object.entries(first.terms)) expect(second.terms[name], name).toBeLessThan(value);
    expect(second.val_mean_dice).toBeGreaterThan(0.6);
    expect(parseOutput(trained)).toMatchObject({ weights, epochs: 2, last: { epoch: 2, loss: second.loss } });
  });

  it('leaves checkpoints, log, curves and configuration, and nothing unfinished', () => {
    const written = [...listFiles(join(folder, 'models')), ...listFiles(join(folder, 'eval'))];
    expect(written.map((path) => path.replace(/=[\d.]+\d|(?<=tfevents).*/, '=N'))).toEqual([
      'stage0/model.safetensors',
      'stage0/model_key_metric=N.safetensors',
      'stage0/dice.svg',
      'stage0/loss.svg',
      'stage0/tensorboard/events.out.tfevents=N',
      'stage0/train_config.json',
      'stage0/train_log.jsonl',
    ]);
  });

  it('shows its progress on standard error only', () => {
    expect(trained.stderr).toMatch(/^epoch 1\/2: 50\/50 patches, .* \| loss [\d.]+ · npCrossEntropy/m);
    expect(trained.stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe('evaluation', () => {
  interface Scores {
    readonly images: readonly Readonly<Record<string, unknown>>[];
    readonly mean: Readonly<Record<string, number>>;
    readonly type: { readonly f1d: number; readonly acc: number; readonly f1: Readonly<Record<string, number>> };
  }
  const metrics = ['dice', 'aji', 'aji_plus', 'dq', 'sq', 'pq'];

  it('prints the scores of every tile, their mean, and those of the types', () => {
    const { images, mean, type } = parseOutput<Scores>(evaluated);
    expect(images.map(({ name }) => name)).toEqual(['c', 'd']);
    for (const image of images) expect(Object.keys(image)).toEqual(['name', ...metrics]);
    expect(Object.keys(mean)).toEqual(metrics);
    for (const name of metrics) {
      const values = images.map((image) => image[name] as number);
      expect(mean[name]).toBeCloseTo((values[0]! + values[1]!) / 2, 12);
      for (const value of values) expect(value >= 0 && value <= 1, name).toBe(true);
    }
    expect(Object.keys(type)).toEqual(['f1d', 'acc', 'f1']);
    expect(Object.keys(type.f1)).toEqual(['1', '2', '3', '4']);
    expect([mean['dice']! > 0.5, mean['pq']! > 0.1, type.f1d > 0.3]).toEqual([true, true, true]);
  });

  it('writes the same document to evaluation.json', () => {
    expect(JSON.parse(readFileSync(join(scores, 'evaluation.json'), 'utf8'))).toEqual(parseOutput(evaluated));
  });
});

describe('inference', () => {
  it('writes maps, nuclei, overlay and raw maps of every image', () => {
    const endings = ['.json', '_instance_map.nii.gz', '_overlay.png', '_raw.npz', '_type_map.nii.gz'];
    const files = ['c', 'd'].flatMap((name) => endings.map((ending) => name + ending));
    expect(listFiles(results)).toEqual([...files, 'infer_config.json']);
    expect(parseOutput(inferred)).toMatchObject({ images: [{ name: 'c' }, { name: 'd' }], failures: [] });
  });

  it('describes nuclei as the contract says', () => {
    const text = readFileSync(join(results, 'c.json'), 'utf8');
    const document = JSON.parse(text) as { nuclei: Readonly<Record<string, unknown>>[] };
    expect(Object.keys(document)).toEqual(['schema', 'image', 'classes', 'provenance', 'nuclei']);
    const { image, classes, nuclei } = parseNuclei(document);
    // The resolution is the image's: nobody said it.
    expect(image).toEqual({ width: tilePx, height: tilePx, mpp: null });
    expect(classes.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(nuclei.length).toBeGreaterThan(10);
    const keys = ['id', 'type', 'type_prob', 'centroid', 'box', 'contour'];
    for (const nucleus of document.nuclei) expect(Object.keys(nucleus)).toEqual(keys);
  });

  it('writes maps that agree with the nuclei', async () => {
    const instances = readNifti(join(results, 'c_instance_map.nii.gz'));
    const { nuclei } = parseNuclei(JSON.parse(readFileSync(join(results, 'c.json'), 'utf8')));
    expect([...new Set(instances)].sort((a, b) => a - b)).toEqual([0, ...nuclei.map(({ id }) => id)]);
    for (const { id, box, contour } of nuclei) {
      const [x, y] = contour[0]!;
      expect(instances[y * tilePx + x]).toBe(id);
      expect(x >= box[0] && x < box[2] && y >= box[1] && y < box[3]).toBe(true);
    }
    expect((await readPng(join(results, 'c_overlay.png'))).shape).toEqual([tilePx, tilePx, 3]);
  });

  it('gives raw maps from which postprocess makes the same maps and nuclei', async () => {
    const raw = await readNpz(join(results, 'c_raw.npz'));
    const shapes = Array.from(raw, ([name, { dtype, shape }]) => [name, dtype, ...shape]);
    expect(shapes).toEqual([
      ['np', 'float32', 2, tilePx, tilePx],
      ['hv', 'float32', 2, tilePx, tilePx],
      ['nc', 'float32', 5, tilePx, tilePx],
    ]);
    const out = join(folder, 'again');
    const words = ['postprocess', join(results, 'c_raw.npz'), '--out', out, '--taxonomy', 'consep-merged'];
    expect(await runCaptured(words)).toMatchObject({ exitCode: 0, stderr: '' });
    const instances = await readNpy(join(out, 'c_instance_map.npy'));
    expect(instances.shape).toEqual([tilePx, tilePx]);
    expect([...(instances.data as Int32Array)]).toEqual([...readNifti(join(results, 'c_instance_map.nii.gz'))]);
    const [first, second] = [results, out].map((at) => JSON.parse(readFileSync(join(at, 'c.json'), 'utf8')) as object);
    expect(second).toEqual({ ...first, provenance: null });
  });
});

/** Label of every pixel, row by row. */
function readNifti(path: string): Uint32Array {
  const bytes = gunzipSync(readFileSync(path));
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset + 352, bytes.byteOffset + bytes.length));
}

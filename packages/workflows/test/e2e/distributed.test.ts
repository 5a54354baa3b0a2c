// Training by two processes of Open MPI.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors } from '@hovernet/files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';
import { prepareSmallProject } from './small-project.js';

const script = fileURLToPath(new URL('../cli/hovernet-from-sources.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-distributed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What mpirun asks for where it runs as root, as in containers. */
const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
const absence = findAbsence();

let config: string;
beforeAll(async () => {
  config = await prepareSmallProject(folder);
});

function commandFor(name: string, words: readonly string[]): string[] {
  const small = ['--epochs', '1', '--batch_size', '1', '--engine#threads', '1'];
  return ['train', '--config_file', config, '--bundle_root', join(folder, name), ...small, ...words];
}

function runPair(words: readonly string[]) {
  const launch = ['-n', '2', '--oversubscribe', process.execPath, script, ...words];
  return spawnSync('mpirun', launch, { encoding: 'utf8', env, timeout: 110_000 });
}

describe.skipIf(absence !== '')(`two processes${absence}`, () => {
  it('of one patch a batch train as one that accumulates two batches', async () => {
    const pair = runPair(commandFor('pair', ['--json']));
    expect(pair.status, pair.stderr).toBe(0);
    expect(pair.stderr).toContain(', 2 processes; random weights');
    expect(JSON.parse(pair.stdout)).toMatchObject({ epochs: 1 });
    expect(await runCaptured(commandFor('one', ['--train#trainer#accumulate', '2']))).toMatchObject({ exitCode: 0 });
    const [together, alone] = ['pair', 'one'].map((name) => {
      const path = join(folder, name, 'models/stage0/model.safetensors');
      return decodeSafetensors(new Uint8Array(readFileSync(path)), path).tensors;
    });
    for (const [name, { data }] of alone!) {
      const other = together!.get(name)!.data;
      const differences = Array.from({ length: data.length }, (_, at) =>
        Math.abs(Number(data[at]) - Number(other[at])),
      );
      expect(Math.max(...differences), name).toBeLessThanOrEqual(1e-6);
    }
    const log = (name: string) =>
      JSON.parse(readFileSync(join(folder, name, 'eval/stage0/train_log.jsonl'), 'utf8')) as object;
    expect(log('pair')).toMatchObject({ val_mean_dice: (log('one') as { val_mean_dice: number }).val_mean_dice });
    expect(listFiles(join(folder, 'pair')).filter((path) => path.includes('events'))).toHaveLength(1);
  }, 120_000);

  it('end together with one sentence where one of them fails', () => {
    const { status, stderr } = runPair(commandFor('failing', ['--dataset_dir', join(folder, 'nowhere')]));
    expect(status).toBe(1);
    expect(stderr).toMatch(/hovernet: process [12] of 2: .*nowhere.*; all processes stop/);
  }, 120_000);
});

function findAbsence(): string {
  if (spawnSync('mpirun', ['--version'], { encoding: 'utf8' }).status !== 0)
    return ' (not here: apt-get install openmpi-bin)';
  try {
    createRequire(import.meta.url).resolve('koffi');
    return '';
  } catch {
    return ' (not here: npm i koffi)';
  }
}

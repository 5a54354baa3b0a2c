// The commands of MONAI's bundle, word for word, in a project with a few samples; `npm run check-commands` runs them in processes of
// their own, with those that take MPI or Nx.
import {
  bundleCommands,
  checkCommand,
  serveEncoder,
  splitWords,
  writeBundleProject,
  type BundleProject,
  type EncoderServer,
} from '@hovernet/testing';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCaptured } from '../cli/run-captured.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hovernet-bundle-')));
const cwd = process.cwd();
let project: BundleProject;
let encoder: EncoderServer;

beforeAll(async () => {
  project = writeBundleProject(folder, { tilesPerPhase: 1 });
  encoder = await serveEncoder(join(folder, 'models/stage0/model.safetensors'));
  project.variables.ENCODER_URL = encoder.url;
  vi.stubEnv('HOVERNET_CACHE', join(folder, 'cache'));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(cwd);
  vi.unstubAllEnvs();
  await encoder.close();
  rmSync(folder, { recursive: true });
});

const own = bundleCommands.filter(({ needs }) => needs === undefined);

it.each(own.map((command) => ({ command, line: command.line })))(
  '$line',
  async ({ command }) => {
    const [name, ...words] = splitWords(command.line, project.variables);
    expect(name).toBe('hovernet');
    const startedAt = Date.now();
    const kept = command.before?.(folder) ?? new Map();
    const run = await runCaptured(words);
    checkCommand(command, { ...run, startedAt, project, encoder: encoder.sent }, kept);
  },
  240_000,
);

describe('a command fails', () => {
  const command = own.at(-1)!;
  const check = (change: object) => {
    const run = { exitCode: 0, stdout: '', stderr: '', startedAt: 0, project, encoder: encoder.sent };
    checkCommand(command, { ...run, ...change }, new Map());
  };

  it('where it ends with another exit code', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ exitCode: 1, stderr: 'hovernet: why\n' })).toThrow('exit code 0, got 1: hovernet: why');
  });

  it('where its results are those of an earlier one', () => {
    expect(() => check({ startedAt: Date.now() + 1000 })).toThrow(
      /expected a new eval\/.*got that of an earlier command/,
    );
  });

  it('where its maps have other sizes than their images', () => {
    const [tile] = project.tiles.Test;
    const tiles = { ...project.tiles, Test: [{ ...tile!, width: tile!.width + 1 }] };
    expect(() => check({ project: { ...project, tiles } })).toThrow(/^size of \w+_instance_map: expected \[257,256\]/);
  });
});

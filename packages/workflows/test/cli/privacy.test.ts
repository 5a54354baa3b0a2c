// A tool for images of patients keeps nothing but what it is asked for.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRgbImage } from '@hovernet/core';
import { encodePng } from '@hovernet/files/node';
import { expect, it, onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('hovernet-from-sources.mjs', import.meta.url));
const hooks = new URL('../../../../tools/source-hooks/register.mjs', import.meta.url).href;

it('writes no file outside the output and its own cache folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-privacy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(folder, 'a.png'), encodePng(createRgbImage(64, 64)));
  // Dependencies may be quieter where tests run: nothing of that is told to the process.
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    TMPDIR: join(folder, 'tmp'),
  };
  mkdirSync(env.TMPDIR);
  const words = [
    '--import',
    hooks,
    script,
    'infer',
    '--dataset_dir',
    join(folder, 'a.png'),
    '--output_dir',
    join(folder, 'out'),
  ];
  const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const left = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const foreign = left
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/[\\/]hovernet[\\/]/.test(path));
  expect(foreign).toEqual([]);
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

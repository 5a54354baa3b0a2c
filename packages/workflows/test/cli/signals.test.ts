// What signals, closed pipes and full disks do to the command.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createRgbImage } from '@hovernet/core';
import { encodePng } from '@hovernet/files/node';
import { workspacePath } from '@hovernet/testing';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('hovernet-from-sources.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-signals-'));
afterAll(() => rmSync(folder, { recursive: true }));

const images = join(folder, 'images');
mkdirSync(images);
writeFileSync(join(images, 'large.png'), encodePng(createRgbImage(4000, 4000)));

/** Starts the inference of an image that takes long; settles once it is under way. */
async function startInference(output: string) {
  const words = [script, 'infer', '--dataset_dir', images, '--output_dir', output];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let messages = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (messages += part));
  while (child.exitCode === null && !messages.includes('/')) await once(child.stderr, 'data');
  return { child, ended, messages: () => messages };
}

describe('hovernet infer that is asked to end', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('by %s stops and leaves nothing unfinished', async (name) => {
    const output = join(folder, name);
    const { child, ended, messages } = await startInference(output);
    child.kill(name);
    expect(await ended).toEqual([130, null]);
    expect(messages()).toContain(`stopping (${name})`);
    expect(messages()).toMatch(/hovernet: interrupted\n$/);
    expect(existsSync(output) ? readdirSync(output) : []).not.toContainEqual(expect.stringContaining('.tmp'));
  });

  it('twice ends at once, by the signal and not by an abort', async () => {
    const { child, ended, messages } = await startInference(join(folder, 'twice'));
    child.kill('SIGINT');
    while (!messages().includes('stopping')) await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(messages()).not.toMatch(/Napi|abort/i);
  });
});

describe.skipIf(process.platform !== 'linux')('streams that cannot be written', () => {
  const inspect = [script, 'inspect', workspacePath('packages/weights-lite-consep/model.safetensors')];

  it('end nothing where they are closed', async () => {
    const child = spawn(process.execPath, inspect, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const messages = text(child.stderr!);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await messages).toBe('');
  });

  it('are told of where the result is lost, and not minded where messages are', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const child = spawn(process.execPath, inspect, { stdio: ['ignore', full, 'pipe'] });
      const messages = text(child.stderr!);
      expect(await once(child, 'exit')).toEqual([1, null]);
      expect(await messages).toMatch(/^hovernet: standard output cannot be written: .*no space left.*\n$/);
      const deaf = spawn(process.execPath, [script, 'inspect', join(folder, 'none.npy')], {
        stdio: ['ignore', 'pipe', full],
      });
      expect(await once(deaf, 'exit')).toEqual([1, null]);
    } finally {
      closeSync(full);
    }
  });
});

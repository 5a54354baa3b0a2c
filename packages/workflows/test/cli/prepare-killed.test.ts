import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openPatches } from '@hovernet/data';
import { workspacePath } from '@hovernet/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCaptured } from './run-captured.js';

const script = fileURLToPath(new URL('hovernet-from-sources.mjs', import.meta.url));

/** Starts `hovernet` and kills it without warning when `folder` holds a few files. */
async function killWhenFilling(words: readonly string[], folder: string): Promise<void> {
  const child = spawn(process.execPath, [script, ...words], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(existsSync(folder) && readdirSync(folder).length > 5)) await wait(2);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

function digestFiles(path: string): [name: string, digest: string][] {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex');
  return readdirSync(path).map((name) => [name, digest(name)]);
}

describe('hovernet prepare killed in the middle', () => {
  it.each(['Train', 'Test'])('of %s leaves the former folder whole; the next run cleans up', async (phase) => {
    const out = mkdtempSync(join(tmpdir(), 'hovernet-killed-'));
    onTestFinished(() => rmSync(out, { recursive: true }));
    const words = ['prepare', '--root', workspacePath('samples/nucls'), '--taxonomy', 'nucls', '--out', out, '--json'];
    const small = ['--ps', '80', '80', '--ss', '80', '80', '--format', 'raw'];
    expect(await runCaptured([...words, ...small])).toMatchObject({ exitCode: 0 });
    const former = digestFiles(join(out, phase));

    await killWhenFilling(words, join(out, `.${phase}.partial`));
    expect(digestFiles(join(out, phase))).toEqual(former);
    expect(readdirSync(out)).toEqual([`.${phase}.partial`, '.hovernet.lock', 'Test', 'Train']);
    const other = await openPatches(out, 'Train');
    expect((await other.load(0)).image.shape).toEqual(phase === 'Train' ? [80, 80, 3] : [540, 540, 3]);

    const again = await runCaptured(words);
    expect(JSON.parse(again.stdout)).toMatchObject({ phases: { Train: { patches: 40 }, Test: { patches: 20 } } });
    expect(readdirSync(out)).toEqual(['Test', 'Train']);
    expect((await openPatches(out, phase)).length).toBe(phase === 'Train' ? 40 : 20);
    expect(existsSync(join(out, phase, 'patches.json'))).toBe(false);
  });
});

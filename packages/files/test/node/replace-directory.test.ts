import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceDirectory } from '../../src/node.js';
import { temporaryFolder } from '../helpers.js';

describe('replaceDirectory', () => {
  it('puts the filled folder in the place of the former one', async () => {
    const root = temporaryFolder();
    const path = join(root, 'Train');
    mkdirSync(path);
    writeFileSync(join(path, 'old'), '');
    const result = await replaceDirectory(path, async (folder) => {
      await writeFile(join(folder, 'new'), '');
      expect(readdirSync(path)).toEqual(['old']);
      return 7;
    });
    expect(result).toBe(7);
    expect(readdirSync(path)).toEqual(['new']);
    expect(readdirSync(root)).toEqual(['Train']);
  });

  it('keeps the former folder when filling fails', async () => {
    const root = temporaryFolder();
    const path = join(root, 'Train');
    mkdirSync(path);
    writeFileSync(join(path, 'old'), '');
    const failing = replaceDirectory(path, async (folder) => {
      await writeFile(join(folder, 'half'), '');
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    expect(readdirSync(path)).toEqual(['old']);
    expect(readdirSync(root)).toEqual(['Train']);
  });

  it('puts right what a killed run left behind', async () => {
    const root = temporaryFolder();
    const path = join(root, 'Train');
    mkdirSync(join(root, '.Train.partial'));
    writeFileSync(join(root, '.Train.partial/half'), '');
    mkdirSync(join(root, '.Train.previous'));
    writeFileSync(join(root, '.Train.previous/old'), '');
    await expect(replaceDirectory(path, () => Promise.reject(new Error('again')))).rejects.toThrow('again');
    expect(readdirSync(path)).toEqual(['old']);
    mkdirSync(join(root, '.Train.previous'));
    await expect(replaceDirectory(path, () => Promise.reject(new Error('again')))).rejects.toThrow('again');
    expect(readdirSync(root)).toEqual(['Train']);
    await replaceDirectory(path, async (folder) => expect(readdirSync(folder)).toEqual([]));
    expect(existsSync(join(path, 'old'))).toBe(false);
    expect(readdirSync(root)).toEqual(['Train']);
  });
});

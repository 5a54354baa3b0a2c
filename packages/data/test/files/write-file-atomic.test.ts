import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/index.js';
import { temporaryFolder } from '../helpers.js';

describe('writeFileAtomic', () => {
  it('makes the folder, replaces a former file and leaves nothing else behind', async () => {
    const folder = join(temporaryFolder(), 'a/b');
    const path = join(folder, 'weights.bin');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, Uint8Array.of(110, 101, 119));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['weights.bin']);
  });

  it('removes its temporary file when the rename fails', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken/full'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow(FileError);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('says which file could not be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file/below.txt');
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({ path });
    expect(existsSync(path)).toBe(false);
  });
});

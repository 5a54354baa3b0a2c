import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError, FileError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/node.js';
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

  it('removes what a killed process left, and nothing of others', async () => {
    const folder = temporaryFolder();
    let own = '';
    async function* lookAround() {
      own = (await readdir(folder))[0]!;
      yield 'x';
    }
    await writeFileAtomic(join(folder, 'next.bin'), lookAround());
    const named = (owner: string) => own.replace(/[0-9a-f]{8}-\d+-/, owner);
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const left = own.replace(/-\d+-/, `-${dead}-`);
    const others = [own, named('ffffffff-1-'), '.x.tmp'];
    const later = join(folder, 'later');
    mkdirSync(later);
    for (const name of [left, ...others]) writeFileSync(join(later, name), '');
    await writeFileAtomic(join(later, 'next.bin'), 'x');
    expect(readdirSync(later).sort()).toEqual([...others, 'next.bin'].sort());
  });

  it('takes names as long as the system does', async () => {
    const path = join(temporaryFolder(), 'ä'.repeat(127));
    await writeFileAtomic(path, 'x');
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it('writes content that comes in parts, and nothing of it where a part fails', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'parts.bin');
    await writeFileAtomic(path, listParts(['a', Uint8Array.of(98), 'ä']));
    expect(readFileSync(path, 'utf8')).toBe('abä');
    const failure = new ArgumentError('no more');
    await expect(writeFileAtomic(path, listParts(['x', failure]))).rejects.toBe(failure);
    expect(readFileSync(path, 'utf8')).toBe('abä');
    expect(readdirSync(folder)).toEqual(['parts.bin']);
  });
});

/** The parts one after the other; an error is thrown. */
async function* listParts(parts: readonly (string | Uint8Array | Error)[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield await Promise.resolve(part);
  }
}

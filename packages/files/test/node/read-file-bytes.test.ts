import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { readMat, readNpy, writeNpy } from '../../src/node.js';
import { openNpyRows } from '../../src/node-internal.js';
import { readExactly } from '../../src/node/read-file-bytes.js';
import { temporaryFolder } from '../helpers.js';

describe('files that end while they are read', () => {
  it('are errors, not zeros: rows of an array that was cut off after it was opened', async () => {
    const path = join(temporaryFolder(), 'rows.npy');
    await writeNpy(path, { dtype: 'uint8', shape: [4, 1000], data: new Uint8Array(4000).fill(7) });
    const rows = await openNpyRows(path);
    truncateSync(path, 2000);
    await expect(rows.read(3)).rejects.toThrow(FileError);
    await expect(rows.read(1)).rejects.toThrow(/rows\.npy: truncated while it was read/);
    expect((await rows.read(0)).data[999]).toBe(7);
  });

  it('are errors for any range', async () => {
    const path = join(temporaryFolder(), 'short.bin');
    writeFileSync(path, Uint8Array.of(1, 2, 3));
    const file = await open(path);
    try {
      expect([...(await readExactly(file, { path, position: 1, length: 2 }))]).toEqual([2, 3]);
      await expect(readExactly(file, { path, position: 1, length: 3 })).rejects.toThrow('got 2 of 3 bytes from 1 on');
    } finally {
      await file.close();
    }
  });
});

it.skipIf(process.platform === 'win32').each([readMat, readNpy])(
  'refuses a pipe at once, without waiting for a writer',
  async (read) => {
    const path = join(temporaryFolder(), 'pipe.mat');
    spawnSync('mkfifo', [path]);
    await expect(read(path)).rejects.toThrow(/pipe\.mat: is a pipe or a device, expected a file/);
  },
);

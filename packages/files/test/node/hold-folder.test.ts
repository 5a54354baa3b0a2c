import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { holdFolder, lockName } from '../../src/node/hold-folder.js';
import { ownerName } from '../../src/node/process-owner.js';

const root = mkdtempSync(join(tmpdir(), 'hovernet-hold-'));
afterAll(() => rmSync(root, { recursive: true }));

const host = ownerName().split('-')[0]!;
const writeLock = (folder: string, owner: string) =>
  writeFileSync(join(folder, lockName), JSON.stringify({ owner, pid: 7, host: 'there', since: 'then' }));

it('lets one writer in at a time, and the next one after it', async () => {
  const folder = join(root, 'one');
  const release = await holdFolder(folder);
  await expect(holdFolder(folder)).rejects.toThrow(
    new RegExp(`one: process ${process.pid} on .* writes to this folder; wait for it, choose another folder`),
  );
  writeFileSync(join(folder, 'result'), '');
  await release();
  await release();
  expect(readdirSync(folder)).toEqual(['result']);
  await (
    await holdFolder(folder)
  )();
});

it('removes folders that it made for nothing, and no others', async () => {
  mkdirSync(join(root, 'kept'));
  await (
    await holdFolder(join(root, 'kept/a/b'))
  )();
  expect(readdirSync(join(root, 'kept'))).toEqual([]);
  await (
    await holdFolder(join(root, 'kept'))
  )();
  expect(existsSync(join(root, 'kept'))).toBe(true);
});

it('passes over what an ended process left, and what is damaged', async () => {
  const folder = mkdtempSync(join(root, 'stale-'));
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  for (const owner of [`${host}-${pid}`, ownerName()]) {
    writeLock(folder, owner);
    await (
      await holdFolder(folder)
    )();
  }
  writeFileSync(join(folder, lockName), '{');
  await expect(holdFolder(folder)).rejects.toThrow('another process writes to this folder');
  utimesSync(join(folder, lockName), 0, 0);
  const release = await holdFolder(folder);
  expect(JSON.parse(readFileSync(join(folder, lockName), 'utf8'))).toMatchObject({ owner: ownerName() });
  await release();
  expect(readdirSync(folder)).toEqual([]);
});

it('respects running processes, and all of other machines', async () => {
  const folder = mkdtempSync(join(root, 'busy-'));
  for (const owner of [`${host}-${process.ppid}`, '00000000-1']) {
    writeLock(folder, owner);
    await expect(holdFolder(folder)).rejects.toThrow('process 7 on there, since then, writes to this folder');
  }
});

it('lets one of many in that come at once', async () => {
  const folder = mkdtempSync(join(root, 'many-'));
  writeLock(folder, ownerName());
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => holdFolder(folder)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

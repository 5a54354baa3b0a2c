import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/report/tensorboard/crc32c.js';
import { openEventFile } from '../../../src/report/tensorboard/event-file.js';

const root = mkdtempSync(join(tmpdir(), 'hovernet-events-'));
afterAll(() => rmSync(root, { recursive: true }));

const text = (value: string) => new TextEncoder().encode(value);

describe('crc32c', () => {
  it('gives the published check values', () => {
    // RFC 3720, appendix B.4, and the check value of the Castagnoli polynomial.
    expect(crc32c(text('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array())).toBe(0);
  });
});

describe('openEventFile', () => {
  const folder = join(root, 'run');
  let clock = 1_700_000_000_000;
  const file = openEventFile(folder, { now: () => (clock += 500), suffix: 'test' });
  file.write(1, { 'train/loss': 2.5, 'train/np_dice': 0.25 });
  file.write(2, { 'train/loss': NaN });
  file.close();
  const [name] = readdirSync(folder);
  const bytes = readFileSync(join(folder, name!));

  it('names the file as TensorBoard looks for it', () => {
    expect(name).toBe('events.out.tfevents.1700000000.test');
  });

  it('writes records whose scalars an independent reader finds', () => {
    const events = splitRecords(bytes).map(parseEvent);
    expect(events).toEqual([
      { time: 1_700_000_001, version: 'brain.Event:2', step: 0, values: {} },
      { time: 1_700_000_001.5, step: 1, values: { 'train/loss': 2.5, 'train/np_dice': 0.25 } },
      { time: 1_700_000_002, step: 2, values: { 'train/loss': NaN } },
    ]);
  });

  it('adds a file where the folder has one already', () => {
    openEventFile(folder, { now: () => 1_700_000_100_000, suffix: 'resumed' }).close();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('writes checksums that another implementation computes too', ({ skip }) => {
    const script = [
      'import sys, struct, crc32c',
      'data = open(sys.argv[1], "rb").read()',
      'mask = lambda c: (((c >> 15) | (c << 17)) + 0xa282ead8) & 0xffffffff',
      'at = count = 0',
      'while at < len(data):',
      '    n, head = struct.unpack_from("<QI", data, at)',
      '    body = data[at + 12:at + 12 + n]',
      '    assert head == mask(crc32c.crc32c(data[at:at + 8]))',
      '    assert struct.unpack_from("<I", data, at + 12 + n)[0] == mask(crc32c.crc32c(body))',
      '    at += 16 + n; count += 1',
      'print(count)',
    ];
    const run = spawnSync('/usr/bin/python3', ['-c', script.join('\n'), join(folder, name!)], { encoding: 'utf8' });
    if (/No module named/.test(run.stderr) || run.error) skip('needs python3-crc32c');
    expect(run).toMatchObject({ status: 0, stdout: '3\n' });
  });
});

function splitRecords(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return records;
}

function parseEvent(record: Uint8Array): Record<string, unknown> {
  const event: Record<string, unknown> = { step: 0, values: {} };
  readFields(record, {
    1: (reader) => (event['time'] = reader.double()),
    2: (reader) => (event['step'] = Number(reader.int64())),
    3: (reader) => (event['version'] = reader.string()),
    5: (reader) => (event['values'] = parseSummary(reader.bytes())),
  });
  return event;
}

function parseSummary(bytes: Uint8Array): Record<string, number> {
  const values: Record<string, number> = {};
  readFields(bytes, {
    1: (reader) => {
      let [tag, value] = ['', 0];
      readFields(reader.bytes(), { 1: (field) => (tag = field.string()), 2: (field) => (value = field.float()) });
      values[tag] = value;
    },
  });
  return values;
}

function readFields(bytes: Uint8Array, fields: Record<number, (reader: BinaryReader) => unknown>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) fields[reader.tag()[0]]!(reader);
}

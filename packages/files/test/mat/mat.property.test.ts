import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, onTestFinished, vi } from 'vitest';
import { decodeMat, encodeMat, readMat, type MatValue } from '../../src/node.js';
import { runWithin } from '../../src/node/run-within.js';
import { decodeDamagedCopies } from '../damaged-files.js';
import { fromBase64, readFixture, temporaryFolder } from '../helpers.js';

const scalar: MatValue = { dtype: 'float64', shape: [1, 1], data: Float64Array.of(7) };
const values: MatValue = { dtype: 'complex128', shape: [2], data: Float64Array.of(1, 2, 3, 4) };
const nested = new Map<string, MatValue>([
  ['text', { dtype: 'char', shape: [2, 2], data: ['ab', 'cd'] }],
  ['record', { dtype: 'struct', shape: [1, 1], data: [new Map([['n', scalar]])] }],
  ['cells', { dtype: 'cell', shape: [1, 2], data: [scalar, { dtype: 'cell', shape: [1, 1], data: [scalar] }] }],
  [
    'sparse',
    {
      dtype: 'sparse',
      shape: [2, 3],
      data: { values, rows: Int32Array.of(1, 0), starts: Int32Array.of(0, 1, 1, 2) },
    },
  ],
]);
const files = {
  ...Object.fromEntries(
    Object.entries(readFixture<Record<string, string>>('mat.json')).map(([k, v]) => [k, fromBase64(v)]),
  ),
  'v5 nested': encodeMat(nested, { compress: false }),
  'v5 nested compressed': encodeMat(nested),
};

/** Of the clock, which goes on while other processes have the machine; of the processor a case may take 2 s. */
const timeoutMs = 20_000;

/** As decodeMat, but fails where it takes too long instead of waiting for it. */
function decodeInTime(bytes: Uint8Array, source: string): void {
  const variables = runWithin(timeoutMs, () => decodeMat(bytes, source));
  if (!variables) throw new Error(`decodeMat takes more than ${timeoutMs} ms`);
}

describe('damaged MAT files', () => {
  it.each(Object.entries(files))('give values or an error that names the file: %s', async (_, bytes) => {
    await decodeDamagedCopies(bytes, decodeInTime);
  });

  it('give values or an error that names the file: v7.3', async () => {
    // The library keeps the console's function of the time when it is loaded: warnings of its own.
    const warn = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const path = join(temporaryFolder(), 'damaged.file');
    await decodeDamagedCopies(
      fromBase64(readFixture<{ file: string }>('mat73.json').file),
      async (bytes) => {
        writeFileSync(path, bytes);
        await readMat(path, { timeoutMs });
      },
      1 / 4,
    );
  });
});

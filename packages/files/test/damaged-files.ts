// Damaged copies of files, and what a reader may answer to them.
import { HovernetError } from '@hovernet/core';
import fc from 'fast-check';
import { expect } from 'vitest';

/** Cases of each format; `HOVERNET_FUZZ_RUNS=10000` for a thorough run. */
const runs = Number(process.env['HOVERNET_FUZZ_RUNS'] ?? 150);
/** Far more than a case takes, and than what all of them together keep. */
const limits = { caseSeconds: 2, peakBytes: 2 ** 31 };

/**
 * Gives `decode` copies of `bytes` that are cut off, overwritten or lengthened. It may give a value or throw an error of ours
 * that begins with the name of the file, soon and without taking much memory. `share` of the cases are tried where each takes
 * long.
 */
export async function decodeDamagedCopies(
  bytes: Uint8Array,
  decode: (damaged: Uint8Array, source: string) => unknown,
  share = 1,
): Promise<void> {
  const property = fc.asyncProperty(damagedCopies(bytes), async (damaged) => {
    const source = 'folder/damaged.file';
    const started = process.cpuUsage();
    try {
      await decode(damaged, source);
    } catch (error) {
      if (!(error instanceof HovernetError)) throw error;
      expect(error.message).toMatch(/(^|\/)(folder\/)?damaged\.file( \(.*\))?: /);
    }
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(limits.caseSeconds);
  });
  await fc.assert(property, { numRuns: Math.ceil(runs * share) });
  expect(process.resourceUsage().maxRSS * 1024).toBeLessThan(limits.peakBytes);
}

/** Numbers that lengths and counts are broken with. */
const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x00010000];

function damagedCopies(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const position = fc.nat({ max: bytes.length - 1 });
  const change = (edit: (copy: Buffer) => void): Uint8Array => {
    const copy = Buffer.from(bytes);
    edit(copy);
    return copy;
  };
  const byte = fc.tuple(position, fc.integer({ min: 0, max: 255 }));
  const word = fc.tuple(position, fc.constantFrom(...extremes), fc.boolean());
  return fc.oneof(
    fc.array(byte, { minLength: 1, maxLength: 8 }).map((changes) =>
      change((copy) => {
        for (const [at, value] of changes) copy[at] = value;
      }),
    ),
    word.map(([at, value, littleEndian]) =>
      change((copy) => {
        const start = Math.max(0, Math.min(at, copy.length - 4));
        if (littleEndian) copy.writeUInt32LE(value, start);
        else copy.writeUInt32BE(value, start);
      }),
    ),
    position.map((end) => bytes.slice(0, end)),
    fc
      .tuple(position, fc.uint8Array({ minLength: 1, maxLength: 16 }))
      .map(([at, extra]) => Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)])),
  );
}

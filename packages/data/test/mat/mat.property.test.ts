import fc from 'fast-check';
import { describe, it } from 'vitest';
import { decodeMat } from '../../src/index.js';
import { acceptHovernetErrors, damagedCopies, fromBase64, readFixture } from '../helpers.js';

describe('decodeMat', () => {
  it.each(Object.entries(readFixture<Record<string, string>>('mat.json')))(
    'answers damaged files (%s) with an error that says so, or values',
    (_, base64) => {
      fc.assert(
        fc.property(damagedCopies(fromBase64(base64)), (bytes) =>
          acceptHovernetErrors(() => decodeMat(bytes, 'a.mat')),
        ),
        { numRuns: 300 },
      );
    },
  );
});

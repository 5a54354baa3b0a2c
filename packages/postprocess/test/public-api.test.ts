import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "compactLabels",
      "describeNuclei",
      "measureClassProbabilities",
      "paintTypes",
      "segmentNuclei",
    ]
  `);
});

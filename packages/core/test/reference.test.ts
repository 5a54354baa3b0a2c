import { expect, it } from 'vitest';
import { referenceNames, toReference } from '../src/index.js';

it('knows hover_net by its older name too', () => {
  expect(referenceNames.map(toReference)).toEqual(['monai', 'hover_net', 'hover_net']);
});

import { expect, it } from 'vitest';
import * as slides from '../src/index.js';
import * as internal from '../src/internal.js';
import * as node from '../src/node.js';

it('exports these names and no others', () => {
  expect(Object.keys(slides).sort()).toMatchInlineSnapshot(`
    [
      "createBlobSource",
      "findTissue",
      "maskFromGeoJson",
      "maskFromImage",
      "measureColors",
      "openHttpSource",
      "openRegionSource",
      "openSlide",
      "readOverview",
      "tissueShare",
    ]
  `);
});

it('the entry for Node has these names besides', () => {
  const added = Object.keys(node).filter((name) => !(name in slides));
  expect(added.sort()).toMatchInlineSnapshot(`
    [
      "openFileSource",
    ]
  `);
});

it('the repository builds on these besides', () => {
  expect(Object.keys(internal).sort()).toMatchInlineSnapshot(`
    [
      "resampleSource",
    ]
  `);
});

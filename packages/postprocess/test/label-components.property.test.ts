import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillHoles } from '../src/find-markers.js';
import { labelComponents, removeSmallObjects } from '../src/label-components.js';
import { labelByFlooding, neighboursOf, randomMasks } from './support/pictures.js';

const connectivities = fc.constantFrom(4 as const, 8 as const);

it('labels as a flood fill does', () => {
  fc.assert(
    fc.property(randomMasks, connectivities, (mask, connectivity) => {
      expect(labelComponents(mask, { connectivity }).data).toEqual(labelByFlooding(mask, connectivity));
    }),
  );
});

it('keeps exactly the components that are large enough', () => {
  fc.assert(
    fc.property(randomMasks, connectivities, fc.integer({ min: 1, max: 12 }), (mask, connectivity, minAreaPx) => {
      const labels = labelByFlooding(mask, connectivity);
      const area = (label: number) => labels.filter((other) => other === label).length;
      const expected = Uint8Array.from(labels, (label) => (label > 0 && area(label) >= minAreaPx ? 1 : 0));
      expect(removeSmallObjects(mask, { connectivity, minAreaPx }).data).toEqual(expected);
    }),
  );
});

it('fills exactly the background that the edge cannot reach', () => {
  fc.assert(
    fc.property(randomMasks, connectivities, (mask, backgroundConnectivity) => {
      const [height, width] = mask.shape as [number, number];
      const reached = new Uint8Array(mask.data.length);
      const open: number[] = [];
      const reach = (i: number) => {
        if (mask.data[i] === 0 && reached[i] === 0) {
          reached[i] = 1;
          open.push(i);
        }
      };
      for (let i = 0; i < reached.length; i++) {
        if (neighboursOf(i, height, width, 4).length < 4) reach(i);
      }
      while (open.length > 0) neighboursOf(open.pop()!, height, width, backgroundConnectivity).forEach(reach);
      expect(fillHoles(mask, { backgroundConnectivity }).data).toEqual(reached.map((value) => 1 - value));
    }),
  );
});

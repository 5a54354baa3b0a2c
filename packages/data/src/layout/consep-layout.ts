// CoNSeP, and whatever is arranged like it: a folder for each phase.
import type { Layout } from './layout.js';
import { listTiles } from './list-tiles.js';
import { toSourceTile } from './read-tile.js';

export const consepLayout: Layout = {
  phases: [
    { name: 'Train', sources: ['Train'] },
    { name: 'Test', sources: ['Test'] },
  ],
  taxonomy: 'consep',
  anyTaxonomy: true,
  listTiles: async (root, source, suffixes) => (await listTiles(root, source, suffixes)).map(toSourceTile),
};

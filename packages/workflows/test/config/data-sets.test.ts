import { loadTaxonomy, taxonomyOfLayout } from '@hovernet/data';
import { describe, expect, it } from 'vitest';
import { loadConfiguration, packagedFile } from '../../src/index.js';

describe('the packaged configurations of data sets', () => {
  it.each(['pannuke', 'lizard', 'nucls'] as const)(
    'of %s name layout, classes and phases that fit together',
    async (name) => {
      const files = [packagedFile('train'), packagedFile(name)];
      const { prepare, taxonomy, network } = await loadConfiguration({ files });
      expect([prepare.layout, taxonomy]).toEqual([name, taxonomyOfLayout(name)]);
      const { classes } = await loadTaxonomy(taxonomy);
      expect(network.architecture.outClasses).toBe(classes.length + 1);
      expect(prepare.phases!.map((phase) => phase.name)).toEqual(['Train', 'Test']);
    },
  );
});

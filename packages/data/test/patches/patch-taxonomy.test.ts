import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadTaxonomy } from '../../src/index.js';
import { checkPatchClasses, readPatchTaxonomy, writePatchTaxonomy } from '../../src/patches/patch-taxonomy.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-patch-taxonomy-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('tells the classes of prepared patches', async () => {
  const lizard = await loadTaxonomy('lizard');
  mkdirSync(join(folder, 'Train'));
  expect(await readPatchTaxonomy(folder, 'Train')).toBeNull();
  await writePatchTaxonomy(join(folder, 'Train'), lizard);
  const { name, classes, mpp } = lizard;
  expect(await readPatchTaxonomy(folder, 'Train')).toMatchObject({ name, classes, mpp });
  const expected = { classes, origin: 'weights', remedy: 'remedy' };
  expect(await checkPatchClasses(folder, 'Train', expected)).toMatchObject({ name });
});

it('refuses patches whose types mean something else, with both lists', async () => {
  const { classes } = await loadTaxonomy('consep');
  const check = checkPatchClasses(folder, 'Train', { classes, origin: 'model.safetensors', remedy: 'do this' });
  await expect(check).rejects.toThrow(
    /Train: its types are those of taxonomy lizard \(1 Neutrophil, .*\), but model.safetensors has 1 \w+, .*; do this$/,
  );
});

it('refuses a damaged record, by its name', async () => {
  writeFileSync(join(folder, 'Train/taxonomy.json'), '{');
  await expect(readPatchTaxonomy(folder, 'Train')).rejects.toThrow(/Train.taxonomy\.json: not JSON/);
});

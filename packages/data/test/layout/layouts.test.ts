import { closeSync, ftruncateSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMat } from '@hovernet/files/node';
import { layoutNames, loadTaxonomy, openTiles, preparePatches, taxonomyOfLayout } from '../../src/index.js';
import type { LayoutName, PreparePatchesOptions } from '../../src/index.js';
import { openNpyRows } from '@hovernet/files/internal/node';
import { formatNpyHeader } from '@hovernet/files/internal';
import { temporaryFolder } from '../helpers.js';
import {
  lizardVariables,
  pannukeImages,
  pannukeMasks,
  writeLizard,
  writeNuclsImage,
  writePannukeFold,
  writeText,
} from './published-sets.js';

const small = { format: 'raw', type: 'valid', patchSize: [2, 2], step: [2, 2] } as const;

async function prepare(root: string, layout: LayoutName, options: Partial<PreparePatchesOptions> = {}) {
  const { phases } = await preparePatches({ root, layout, ...small, ...options });
  const tiles = await openTiles(join(root, 'Prepared'), Object.keys(phases)[0]!);
  const names = Array.from({ length: tiles.length }, (_, index) => tiles.name(index));
  return { phases, names, tiles };
}

describe('the layout of PanNuke', () => {
  const nuclei = [
    { at: [1, 0, 0], channel: 0, id: 9 },
    { at: [1, 0, 1], channel: 0, id: 4 },
    { at: [1, 0, 2], channel: 0, id: 4 },
    { at: [1, 0, 2], channel: 2, id: 4 },
    { at: [1, 3, 3], channel: 4, id: 70_000 },
  ] as const;
  const fold = { images: pannukeImages(3, 4), masks: pannukeMasks(3, 4, nuclei) };

  it('is read fold by fold, as its archives unpack', async () => {
    const root = temporaryFolder();
    for (const number of [1, 2])
      writePannukeFold(root, number, { ...fold, tissues: ['Breast', 'Bile-duct', 'Adrenal gland'] });
    writePannukeFold(root, 3, { images: pannukeImages(2, 4, 'uint8'), masks: pannukeMasks(2, 4, []) });
    const { phases, names, tiles } = await prepare(root, 'pannuke');
    expect(phases).toEqual({ Train: { tiles: 6, patches: 24 }, Test: { tiles: 2, patches: 8 } });
    expect(names.slice(0, 3)).toEqual(['fold_1_0000_Breast', 'fold_1_0001_Bile-duct', 'fold_1_0002_Adrenal_gland']);
    expect(names[3]).toBe('fold_2_0000_Breast');
    const test = await openTiles(join(root, 'Prepared'), 'Test');
    expect([test.name(1), (await test.load(1)).image.get(0, 0, 1)]).toEqual(['fold_3_0001', 51]);

    const { image, instanceMap, typeMap } = await tiles.load(1);
    expect([...image.data]).toEqual(Array.from({ length: 48 }, (_, at) => 50 + at));
    // Neoplastic 4 and 9, connective 4, which covers a pixel of the former, epithelial 70000.
    expect([...instanceMap.data]).toEqual([2, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]);
    expect([...typeMap.data]).toEqual([1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
  });

  it('divides folds as it is told', async () => {
    const root = temporaryFolder();
    writePannukeFold(root, 2, fold);
    const phases = [{ name: 'Test', sources: ['Fold 2'] }];
    expect((await prepare(root, 'pannuke', { phases })).phases).toEqual({ Test: { tiles: 3, patches: 12 } });
  });

  it('is read image by image: files may be larger than what fits into memory', async () => {
    const path = join(temporaryFolder(), 'masks.npy');
    const shape = [1200, 256, 256, 6];
    const header = formatNpyHeader('float64', shape);
    const rowBytes = 256 * 256 * 6 * 8;
    const file = openSync(path, 'w');
    writeSync(file, header);
    // The file has a hole of 3.8 GB, which takes no room on the disk.
    ftruncateSync(file, header.length + shape[0]! * rowBytes);
    writeSync(file, Buffer.from(Float64Array.of(7).buffer), 0, 8, header.length + 1199 * rowBytes + 8);
    closeSync(file);
    const rows = await openNpyRows(path);
    const last = await rows.read(1199);
    expect([last.shape, last.data.length, last.data[0], last.data[1]]).toEqual([[256, 256, 6], 256 * 256 * 6, 0, 7]);
  });

  it('names what is missing, of another shape, truncated or no number', async () => {
    const root = temporaryFolder();
    const phases = [{ name: 'Train', sources: ['Fold 1'] }];
    const run = () => preparePatches({ root, layout: 'pannuke', ...small, phases });
    await expect(run()).rejects.toMatchObject({ code: 'MISSING_FILE', path: join(root, 'Fold 1') });
    writePannukeFold(root, 1, { ...fold, masks: pannukeMasks(2, 4, []) });
    await expect(run()).rejects.toThrow(
      /masks\.npy: expected masks \[3, 4, 4, 6\] as .*images\.npy, got \[2, 4, 4, 6\]/,
    );
    writePannukeFold(root, 1, { ...fold, images: { ...fold.images, shape: [3, 4, 3, 4] } });
    await expect(run()).rejects.toThrow(/images\.npy: expected images \[n, height, width, 3\], got \[3, 4, 3, 4\]/);
    writePannukeFold(root, 1, { ...fold, tissues: ['Breast'] });
    await expect(run()).rejects.toThrow(/types\.npy: expected 3 texts, one for each image, got 1/);
    const broken = Float64Array.from(fold.images.data as Float64Array);
    broken[60]! += 0.5;
    const images = { ...fold.images, data: broken };
    writePannukeFold(root, 1, { images, masks: fold.masks, tissues: ['A', 'B', 'C'] });
    await expect(run()).rejects.toThrow(/images\.npy \(image 1\): expected whole numbers of 0 to 255, found 62\.5/);
    expect(readdirSync(join(root, 'Prepared'))).toEqual([]);
    writeText(join(root, 'Fold 1/masks/fold1/masks.npy'), formatNpyHeader('float64', [3, 4, 4, 6]));
    await expect(run()).rejects.toThrow(/masks\.npy: truncated: 2304 bytes expected/);
    writeText(join(root, 'Fold 1/old/masks.npy'), '');
    await expect(run()).rejects.toThrow(/expected one masks\.npy, found .* and .*; name a subfolder/);
  });
});

describe('the layout of Lizard', () => {
  it('is read by splits, as its archives unpack', async () => {
    const root = temporaryFolder();
    await writeLizard(root, { dpath_2: 2, consep_1: 1, glas_3: 3, pannuke_4: 1 });
    const { phases, names, tiles } = await prepare(root, 'lizard');
    expect(phases).toEqual({ Train: { tiles: 3, patches: 12 }, Test: { tiles: 1, patches: 4 } });
    expect(names).toEqual(['consep_1', 'dpath_2', 'pannuke_4']);
    const { instanceMap, typeMap } = await tiles.load(0);
    expect([...instanceMap.data]).toEqual([0, 2, 2, 0, 0, 2, 2, 0, 7, 7, 0, 0]);
    expect([...typeMap.data]).toEqual([0, 6, 6, 0, 0, 6, 6, 0, 1, 1, 0, 0]);
  });

  it('has labels that are read in folders of phases too', async () => {
    const root = temporaryFolder();
    await writeLizard(root, { a: 1 });
    await writeMat(join(root, 'Train/Labels/a.mat'), new Map(Object.entries(lizardVariables)));
    await writeLizard(join(root, 'Train/Images'), { a: 1 });
    renameSync(join(root, 'Train/Images/Lizard_Images1/a.png'), join(root, 'Train/Images/a.png'));
    const options = { phases: ['Train'], taxonomy: await loadTaxonomy('lizard') };
    const { tiles } = await prepare(root, 'consep', options);
    expect(new Set((await tiles.load(0)).typeMap.data)).toEqual(new Set([0, 6, 1]));
  });

  it('names what is missing or does not fit', async () => {
    const root = temporaryFolder();
    const run = () => preparePatches({ root, layout: 'lizard', ...small, phases: [{ name: 'Train', sources: ['1'] }] });
    await expect(run()).rejects.toThrow(/info\.csv: no such file here or below; .* use layout consep/);
    await writeLizard(root, { a: 2 });
    await expect(run()).rejects.toThrow(/info\.csv: no image of split 1; it has 2/);
    await writeLizard(root, { a: 1, b: 1 });
    const { id, class: classes, ...others } = lizardVariables;
    const write = (variables: object) =>
      writeMat(join(root, 'Lizard_Labels/Labels/b.mat'), new Map(Object.entries(variables)));
    await write({ ...others, class: classes });
    await expect(run()).rejects.toThrow(/b\.mat: expected a matrix id \[nuclei, 1\]; the file holds inst_map/);
    await write({ ...others, class: classes, id: { ...id, data: Uint16Array.of(7, 3) } });
    await expect(run()).rejects.toThrow(/b\.mat: nucleus 2 of inst_map is not in id; it has no class/);
    await write({ ...others, class: classes, id: { ...id, shape: [1, 1], data: Uint16Array.of(7) } });
    await expect(run()).rejects.toThrow(/b\.mat: 1 ids but 2 classes/);
    rmSync(join(root, 'Lizard_Labels/Labels/b.mat'));
    await expect(run()).rejects.toThrow(/b\.mat: no such file here or below, but .*info\.csv lists it/);
  });
});

describe('the layout of NuCLS', () => {
  const outline = 'correction_tumor,tumor_nonMitotic,tumor_any,polyline,1,1,4,4,"1,4,4,1","1,1,4,4"';
  const box = 'lymphocyte,lymphocyte,sTIL,rectangle,5,2,9,6,"5,9,9,5,5","2,2,6,6,2"';
  const frame = 'fov,fov,fov,rectangle,0,0,9,7,"0,9,9,0","0,0,7,7"';

  it('is read by tables of slides; outlines are filled, boxes become ellipses', async () => {
    const root = temporaryFolder();
    for (const name of ['TCGA-A1-DX1_id-1', 'TCGA-A2-DX1_id-1', 'TCGA-A2-DX1_id-2']) {
      await writeNuclsImage(root, name, [frame, outline, box]);
    }
    writeText(join(root, 'train_test_splits/fold_1_train.csv'), ',slide_name,hospital\n0,TCGA-A2-DX1,A2\n');
    writeText(join(root, 'train_test_splits/fold_1_test.csv'), ',slide_name,hospital\n0,TCGA-A1-DX1,A1\n');
    const { phases, names, tiles } = await prepare(root, 'nucls');
    expect([names, phases['Test']]).toEqual([['TCGA-A2-DX1_id-1', 'TCGA-A2-DX1_id-2'], { tiles: 1, patches: 20 }]);
    const { instanceMap, typeMap } = await tiles.load(0);
    const rows = (data: ArrayLike<number>) =>
      Array.from({ length: 8 }, (_, y) => Array.from({ length: 10 }, (_, x) => data[10 * y + x]).join(''));
    expect(rows(instanceMap.data)).toEqual([
      '0000000000',
      '0222200000',
      '0222200300',
      '0222203330',
      '0222233333',
      '0000003330',
      '0000000300',
      '0000000000',
    ]);
    expect(new Set(typeMap.data)).toEqual(new Set([0, 1, 3]));
    expect(typeMap.get(1, 1)).toBe(1);
  });

  it('is read from folders of phases too', async () => {
    const root = temporaryFolder();
    await writeNuclsImage(join(root, 'Train'), 'a', [box]);
    expect((await prepare(root, 'nucls', { phases: ['Train'] })).names).toEqual(['a']);
  });

  it('names the row of a table that cannot be drawn, and slides without images', async () => {
    const root = temporaryFolder();
    const run = (source: string) =>
      preparePatches({ root, layout: 'nucls', ...small, phases: [{ name: 'Train', sources: [source] }] });
    await expect(run('Train')).rejects.toThrow(/Train: no such folder or table of slides/);
    for (const [row, message] of [
      [outline.replace('correction_tumor', 'platelet'), /a\.csv: row 2: expected one of tumor, .*, got platelet/],
      [outline.replace('"1,4,4,1"', '"1,4,4"'), /a\.csv: row 2: 3 coords_x but 4 coords_y/],
      [box.replace('rectangle,5', 'rectangle,five'), /a\.csv: row 2: expected a number, got 'five'/],
    ] as const) {
      await writeNuclsImage(join(root, 'Train'), 'a', [box, row]);
      await expect(run('Train')).rejects.toThrow(message);
    }
    writeText(join(root, 'Train/csv/a.csv'), 'type,xmin\n');
    await expect(run('Train')).rejects.toThrow(/a\.csv: expected a column raw_classification, got type, xmin/);
    await writeNuclsImage(root, 'b', [box]);
    writeText(join(root, 'slides.csv'), 'slide_name\nTCGA\n');
    await expect(run('slides.csv')).rejects.toThrow(/slides\.csv: no image of its 1 slides in .*rgb/);
  });
});

describe('layouts', () => {
  it('have taxonomies of their own, and refuse those of each other', async () => {
    expect(layoutNames.map(taxonomyOfLayout)).toEqual([
      'consep',
      'pannuke',
      'lizard',
      'nucls-super',
      'consep-merged',
      'consep-merged',
    ]);
    const root = temporaryFolder();
    await writeLizard(root, { a: 1 });
    const taxonomy = await loadTaxonomy('consep');
    const phases = [{ name: 'Train', sources: ['1'] }];
    await expect(preparePatches({ root, layout: 'lizard', ...small, phases, taxonomy })).rejects.toThrow(
      'layout lizard: expected taxonomy lizard or one of your own, got consep, whose type ids mean something else',
    );
    const own = { ...(await loadTaxonomy('lizard')), name: 'mine' };
    await expect(preparePatches({ root, layout: 'lizard', ...small, phases, taxonomy: own })).resolves.toBeDefined();
  });

  it('that are not known are refused', async () => {
    const layout = 'monuseg' as LayoutName;
    await expect(preparePatches({ root: '.', layout })).rejects.toThrow(
      "layout 'monuseg' is not supported; use one of consep",
    );
  });

  it('refuse two images of one name in a phase', async () => {
    const root = temporaryFolder();
    for (const folder of ['A', 'B']) await writeNuclsImage(join(root, folder), 'same', []);
    const phases = [{ name: 'Train', sources: ['A', 'B'] }];
    await expect(preparePatches({ root, layout: 'nucls', ...small, phases })).rejects.toThrow(
      /B\/rgb\/same\.png: has the same name as .*A\/rgb\/same\.png; prepare them as two phases/,
    );
  });
});

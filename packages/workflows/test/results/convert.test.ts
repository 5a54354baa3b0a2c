import { createLabelMap, createRgbImage, type Nucleus } from '@hovernet/core';
import { formatNuclei, parseNuclei } from '@hovernet/export';
import { readNuclei } from '@hovernet/export/node';
import { writePng } from '@hovernet/files/node';
import { describeNuclei } from '@hovernet/postprocess';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutput, runCaptured } from '../cli/run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

const classes = [
  { id: 1, name: 'epithelial', color: [255, 0, 0] as const },
  { id: 2, name: 'spindle', color: [0, 0, 255] as const },
];

/** Squares of 4 × 4 pixels, one for each of `places`, with their types. */
function writeResult(name: string, places: readonly (readonly [x: number, y: number, type: number])[]): void {
  const labels = createLabelMap(32, 32);
  places.forEach(([x, y], index) => {
    for (let row = y; row < y + 4; row++) labels.data.fill(index + 1, row * 32 + x, row * 32 + x + 4);
  });
  const nuclei = describeNuclei(labels).map((nucleus, index): Nucleus => {
    return { ...nucleus, type: places[index]![2], typeProbability: 0.75 };
  });
  writeFileSync(path(name), JSON.stringify(formatNuclei({ nuclei }, { width: 32, height: 32, mpp: 0.5, classes })));
}

beforeAll(async () => {
  writeResult('a.json', [
    [2, 2, 1],
    [10, 2, 1],
    [20, 2, 2],
    [2, 20, 2],
  ]);
  writeResult('b.json', [
    [2, 2, 1],
    [10, 2, 2],
    [22, 2, 2],
    [20, 20, 1],
  ]);
  await writePng(path('a.png'), createRgbImage(32, 32, new Uint8Array(3 * 32 * 32).fill(200)));
});

describe('hovernet convert', () => {
  it('writes several formats beside the result', async () => {
    const run = await runCaptured([
      'convert',
      path('a.json'),
      '--to',
      'geojson,csv',
      '--image',
      path('a.png'),
      '--json',
    ]);
    expect(run.stderr).toBe('');
    expect(parseOutput(run)).toEqual({ nuclei: 4, files: { geojson: path('a.geojson'), csv: path('a.csv') } });
    const [header, first] = readFileSync(path('a.csv'), 'utf8').split('\n');
    expect(header).toMatch(/^id,type,type_name,.*,area_um2,.*,eosin_od_sd$/);
    expect(first).toMatch(/^1,1,epithelial,0\.75,3\.5,3\.5,2,2,6,6,16,/);
  });

  it('comes back to the same document over GeoJSON and MAT, compressed where the file says so', async () => {
    const steps = [
      ['a.json', 'geojson', 'x.geojson.gz'],
      ['x.geojson.gz', 'json', 'y.json'],
    ] as const;
    for (const [from, format, to] of steps) {
      const run = await runCaptured(['convert', path(from), '--to', format, '--out', path(to)]);
      expect(run).toMatchObject({ exitCode: 0, stdout: `4 nuclei\n${path(to)}\n` });
    }
    const read = (name: string) => parseNuclei(JSON.parse(readFileSync(path(name), 'utf8')));
    expect(read('y.json')).toEqual(read('a.json'));
    await runCaptured(['convert', path('a.json'), '--to', 'mat', '--out', path('a.mat')]);
    expect((await readNuclei(path('a.mat'), { classes })).table).toEqual((await readNuclei(path('a.json'))).table);
  });

  it.each([
    [['--to', 'docx'], /--to: expected formats of nifti, .*, got 'docx'/],
    [
      ['--to', 'overlay'],
      /a_overlay\.png: not written \(the image of these nuclei is not known; give it with --image\)/,
    ],
    [['--to', 'json'], /a\.json: is the result itself; give another --out/],
    [['--to', 'csv,tsv', '--out', 'one.csv'], /--out: expected a folder for 2 files, got one\.csv/],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stderr } = await runCaptured(['convert', path('a.json'), ...words]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('hovernet diff', () => {
  it('tells what appeared, vanished, changed type and moved', async () => {
    const run = await runCaptured(['diff', path('a.json'), path('b.json'), '--json']);
    expect(parseOutput(run)).toEqual({
      nuclei: { a: 4, b: 4, pairs: 3 },
      appeared: [4],
      vanished: [4],
      changed_type: [{ a: 2, b: 2, type_a: 1, type_b: 2 }],
      moved: [{ a: 3, b: 3, distance_px: 2 }],
    });
  });

  it('prints a table and draws the differences', async () => {
    const words = ['--picture', path('d.png'), '--image', path('a.png')];
    const { stdout } = await runCaptured(['diff', path('a.json'), path('b.json'), ...words]);
    expect(stdout).toMatch(/in both +3\nappeared +1\nvanished +1\nchanged type +1\nmoved +1\n/);
    expect(stdout).toContain('epithelial → spindle');
    expect(existsSync(path('d.png'))).toBe(true);
  });

  it('finds nothing between a result and itself', async () => {
    const run = await runCaptured(['diff', path('a.json'), path('a.json'), '--json']);
    expect(parseOutput(run)).toMatchObject({ appeared: [], vanished: [], changed_type: [], moved: [] });
  });
});

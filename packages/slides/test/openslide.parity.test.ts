// Ten random regions of each level: the pixels of OpenSlide, where a Python that has it is here (apt-get install python3-openslide).
import { spawnSync } from 'node:child_process';
import { createRandom, type Box } from '@hovernet/core';
import { hasReference, referencePath, workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { openSlide } from '../src/node.js';

const script = `
import json, sys
import openslide
slide = openslide.OpenSlide(sys.argv[1])
for level, x0, y0, x1, y1 in json.loads(sys.argv[2]):
    width, height = slide.level_dimensions[level]
    # Whole levels: OpenSlide places regions in pixels of level 0.
    whole = slide.read_region((0, 0), level, (width, height)).convert('RGB')
    sys.stdout.buffer.write(whole.crop((x0, y0, x1, y1)).tobytes())
`;
const candidates = [process.env['HOVERNET_PYTHON'], 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
const python = candidates.find((name) => spawnSync(name, ['-c', 'import openslide']).status === 0);
const absence = python === undefined ? ' (not here: no python3-openslide)' : '';

const files = [
  { path: workspacePath('samples/slides/CMU-1-Small-Region.svs'), isHere: true, mostDifferent: 0 },
  // Builds of OpenJPEG round the irreversible transform differently: about one byte in a million differs by 1.
  {
    path: referencePath('data/wsi/tcga-cr-7395-01a-01-ts1.svs'),
    isHere: hasReference('data/wsi/tcga-cr-7395-01a-01-ts1.svs'),
    mostDifferent: 20,
  },
  {
    path: referencePath('data/wsi/BRACS_1640_N_3_cropped.tiff'),
    isHere: hasReference('data/wsi/BRACS_1640_N_3_cropped.tiff'),
    mostDifferent: 0,
  },
];

describe(`OpenSlide${absence}`, { timeout: 300_000 }, () => {
  it.each(files)('gives the pixels of $path', async ({ path, isHere, mostDifferent }) => {
    if (python === undefined || !isHere) return;
    const slide = await openSlide(path);
    const random = createRandom(11);
    const boxes = slide.levels.flatMap(({ width, height }, level) =>
      Array.from({ length: 10 }, () => {
        const [x0, y0] = [random.integer(width - 40), random.integer(height - 40)];
        const [x1, y1] = [
          Math.min(width, x0 + 20 + random.integer(400)),
          Math.min(height, y0 + 20 + random.integer(400)),
        ];
        return [level, x0, y0, x1, y1] as const;
      }),
    );
    const { stdout, stderr, status } = spawnSync(python, ['-c', script, path, JSON.stringify(boxes)], {
      maxBuffer: 2 ** 30,
    });
    expect(status, String(stderr)).toBe(0);
    let at = 0;
    let different = 0;
    let largest = 0;
    for (const [level, ...box] of boxes) {
      const { data } = await slide.readRegion(level, box as Box);
      for (let i = 0; i < data.length; i++, at++) {
        if (data[i] === stdout[at]) continue;
        different++;
        largest = Math.max(largest, Math.abs(data[i]! - stdout[at]!));
      }
    }
    expect(at).toBe(stdout.length);
    expect(different).toBeLessThanOrEqual(mostDifferent);
    expect(largest).toBeLessThanOrEqual(mostDifferent === 0 ? 0 : 1);
    await slide.close();
  });
});

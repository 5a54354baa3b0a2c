import { createLabelMap } from '@hovernet/core';
import { expect, it } from 'vitest';
import { encodeText } from '../formats/encode-text.js';
import { createRandomImage, createSegmentedImage } from '../random-nuclei.js';

it('shows the image, its nuclei by type, counts and densities', async () => {
  const image = createRandomImage({ seed: 2, count: 200, cellPx: 16, mpp: 0.5 });
  const page = await encodeText('report', image);
  expect(page).toContain(`200 nuclei in ${image.width} × ${image.height} pixels of 0.5 µm`);
  expect(page).toContain('href="data:image/png;base64,iVBOR');
  const rows = [...page.matchAll(/<tr><td>.*?<\/tr>/g)].map(([row]) => row);
  expect(rows).toHaveLength(4);
  const counts = rows.map((row) => Number(/<\/td><td>(\d+)<\/td>/.exec(row)![1]));
  expect(counts.slice(0, 3).reduce((sum, count) => sum + count)).toBe(counts[3]);
  expect(page).toContain('per mm²');
  expect(page.match(/<path class="g/g)).toHaveLength(3);
});

it('keeps hostile names text, and lets nothing be loaded or run', async () => {
  const image = createSegmentedImage(createLabelMap(1, 3, Int32Array.of(1, 2, 3)), { seed: 7 });
  const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
  const classes = image.classes.map((known) => ({ ...known, name: hostile }));
  const page = await encodeText('report', { ...image, classes }, hostile);
  expect(page).not.toMatch(/<script|<img/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img');
  expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
});

it('is written of no nucleus too', async () => {
  const page = await encodeText('report', createSegmentedImage(createLabelMap(4, 4), { seed: 1 }));
  expect(page).toContain('0 nuclei in 4 × 4 pixels of unknown resolution.');
  expect(page).not.toContain('NaN');
});

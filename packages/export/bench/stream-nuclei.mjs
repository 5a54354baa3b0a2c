// Time and memory of writing many nuclei in each streaming format:
// node packages/export/bench/stream-nuclei.mjs [COUNT] [FORMAT…]
import { createLabelMap, createNucleusTable, createRgbImage } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFormats, writeFormats } from '@hovernet/export/node';

const [count = '1000000', ...names] = process.argv.slice(2);
const formats = names.length > 0 ? names : ['geojson', 'geojsonl', 'geojson.gz', 'csv', 'json', 'hover_net', 'qupath'];

/** Nuclei of about 18 × 14 pixels, 64 × 64 of them in a cell of 1,536 pixels; every cell is alike. */
const side = 64;
const pitchPx = 24;
const cellPx = side * pitchPx;

function createCell() {
  const labels = createLabelMap(cellPx, cellPx);
  for (let id = 1; id <= side ** 2; id++) {
    const [left, top] = [((id - 1) % side) * pitchPx, Math.floor((id - 1) / side) * pitchPx];
    for (let y = 0; y < pitchPx; y++) {
      for (let x = 0; x < pitchPx; x++) {
        const isIn = ((x - 11.5) / 9) ** 2 + ((y - 11.5) / 7) ** 2 <= 1 + 0.1 * Math.sin(id * 7 + x);
        if (isIn) labels.data[(top + y) * cellPx + left + x] = id;
      }
    }
  }
  const nuclei = describeNuclei(labels).map((nucleus) => ({
    ...nucleus,
    type: 1 + (nucleus.id % 4),
    typeProbability: 0.9,
  }));
  return { labels, table: createNucleusTable(nuclei, { isTyped: true }) };
}

/** A slide, one column of cells; cell by cell as a store gives it. */
function createSlide(nuclei) {
  const { labels, table } = createCell();
  const cells = Math.ceil(nuclei / table.count);
  const [width, height] = [cellPx, cells * cellPx];
  const tableOf = (cell) => ({
    ...table,
    ids: table.ids.map((id) => id + cell * table.count),
    boxes: table.boxes.map((value, index) => value + (index % 2) * cell * cellPx),
    centroids: table.centroids.map((value, index) => value + (index % 2) * cell * cellPx),
    contourPoints: table.contourPoints.map((value, index) => value + (index % 2) * cell * cellPx),
  });
  const classes = [1, 2, 3, 4].map((id) => ({ id, name: `type ${id}`, color: [60 * id, 0, 0] }));
  return {
    ...{ width, height, mpp: 0.25, classes, isTyped: true, cells },
    image: {
      ...{ width, height, mpp: 0.25 },
      read: ([x0, y0, x1, y1]) => Promise.resolve(createRgbImage(y1 - y0, x1 - x0)),
      close: () => Promise.resolve(),
    },
    nuclei: {
      count: cells * table.count,
      async *tables() {
        for (let cell = 0; cell < cells; cell++) yield await Promise.resolve(tableOf(cell));
      },
      inRows: () => Promise.reject(new Error('not needed')),
      typesOf: (ids) => new Uint8Array(ids.length),
    },
    readLabels: ([x0, y0, x1, y1]) => {
      const part = createLabelMap(y1 - y0, x1 - x0);
      const offset = Math.floor(y0 / cellPx) * table.count;
      for (let y = y0, at = 0; y < y1; y++) {
        for (let x = x0, from = (y % cellPx) * cellPx + x0; x < x1; x++, from++, at++) {
          const label = labels.data[from];
          if (label > 0) part.data[at] = label + offset;
        }
      }
      return Promise.resolve(part);
    },
  };
}

const slide = createSlide(Number(count));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-stream-'));
try {
  for (const format of findFormats(formats)) {
    const path = join(folder, 'slide');
    const started = process.cpuUsage();
    await writeFormats(slide, [format], { pathOf: () => path, origin: { name: 'slide', provenance: null } });
    const { user, system } = process.cpuUsage(started);
    const seconds = ((user + system) / 1e6).toFixed(1);
    const peakMib = Math.round(process.resourceUsage().maxRSS / 1024);
    const mib = Math.round(statSync(path).size / 2 ** 20);
    console.log(
      `${format.name}: ${slide.nuclei.count} nuclei, ${seconds} s of processor, ${mib} MiB, peak of the process so far ${peakMib} MiB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

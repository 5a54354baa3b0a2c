// Nuclei as the original hover_net writes them for a tile: JSON, MAT and QuPath's table of points.
import { getNucleus, type Nucleus, type SegmentedImage } from '@hovernet/core';
import type { ResultFormat } from './format.js';

export const hoverNetFormat: ResultFormat = {
  name: 'hover_net',
  description: "the JSON of the original hover_net, for its users' scripts and TIAToolbox",
  isText: true,
  files: [{ name: 'hover_net', ending: '_hover_net.json', encode: encodeJson }],
};

export const qupathPointsFormat: ResultFormat = {
  name: 'qupath',
  description: "centroids with names and colours of types, the original's table for QuPath",
  isText: true,
  files: [{ name: 'qupath', ending: '_qupath.tsv', encode: encodePoints }],
};

/** Magnification of an objective whose pixels are `mpp` µm: 40 for 0.25. */
const magnificationOf = (mpp: number) => Number((10 / mpp).toFixed(3));

/** Fewest points of a polygon; readers such as shapely refuse less. */
const leastPoints = 3;

async function* encodeJson({ mpp, nuclei }: SegmentedImage): AsyncGenerator<string, void, undefined> {
  yield `{"mag": ${mpp === null ? 'null' : magnificationOf(mpp)}, "nuc": {`;
  let separator = '\n';
  for await (const table of nuclei.tables()) {
    let text = '';
    for (let row = 0; row < table.count; row++) {
      const nucleus = getNucleus(table, row);
      text += `${separator}"${nucleus.id}": ${JSON.stringify(formatNucleus(nucleus))}`;
      separator = ',\n';
      if (text.length < 2 ** 16) continue;
      yield text;
      text = '';
    }
    yield text;
  }
  yield '\n}}\n';
}

/** Boxes are [[row, column], [row, column]], points [x, y]; contours of fewer than three points repeat their last one. */
function formatNucleus({ box: [x0, y0, x1, y1], centroid, contour, type, typeProbability }: Nucleus) {
  const missing = Math.max(0, leastPoints - contour.length);
  return {
    bbox: [
      [y0, x0],
      [y1, x1],
    ],
    centroid,
    contour: [...contour, ...Array.from({ length: missing }, () => contour.at(-1)!)],
    type_prob: typeProbability,
    type,
  };
}

async function* encodePoints({ classes, nuclei }: SegmentedImage): AsyncGenerator<string, void, undefined> {
  const nameOf = new Map(
    classes.map(({ id, name, color: [red, green, blue] }) => [
      id,
      `${name.replaceAll(/[\t\r\n]/g, ' ')}\t${(red << 16) + (green << 8) + blue}`,
    ]),
  );
  yield 'x\ty\tclass\tname\tcolor\n';
  for await (const { count, centroids, types } of nuclei.tables()) {
    let text = '';
    for (let row = 0; row < count; row++) {
      // Background and nuclei without a type are black, as in the original's table of colours.
      const named = nameOf.get(types ? types[row]! : 0) ?? 'nolabel\t0';
      text += `${centroids[2 * row]!}\t${centroids[2 * row + 1]!}\t\t${named}\n`;
    }
    yield text;
  }
}

// Nuclei as QuPath's detections in GeoJSON, with polygons along pixel edges.
import type { NucleusTable, SegmentedImage } from '@hovernet/core';
import { nucleiSchema } from '../nuclei-document.js';
import { readShapes } from '../shapes/read-shapes.js';
import { traceEdges, type EdgePolygon, type Ring } from '../shapes/trace-edges.js';
import type { ResultFormat, ResultOrigin } from './format.js';
import { createNucleusUuids } from './nucleus-uuids.js';

/** Names of the measurements of each detection. */
export const measurementNames = { id: 'Nucleus number', typeProbability: 'Type probability' } as const;

export const geojsonFormat: ResultFormat = {
  name: 'geojson',
  description: 'detections for QuPath, with polygons along pixel edges',
  isText: true,
  files: [{ name: 'geojson', ending: '.geojson', encode: encodeCollection }],
};

export const geojsonLinesFormat: ResultFormat = {
  name: 'geojsonl',
  description: 'the same detections, one a line',
  isText: true,
  files: [{ name: 'geojsonl', ending: '.geojsonl', encode: encodeLines }],
};

async function* encodeCollection(image: SegmentedImage, origin: ResultOrigin): AsyncGenerator<string, void, undefined> {
  const { width, height, mpp, classes } = image;
  // QuPath passes over members that it does not know; with this one the file is read back without loss.
  const result = { schema: nucleiSchema, image: { width, height, mpp }, classes, is_typed: image.isTyped };
  yield `{"type":"FeatureCollection","hovernet":${JSON.stringify(result)},"features":[\n`;
  let separator = '';
  for await (const features of listFeatures(image, origin)) {
    yield separator + features.join(',\n');
    separator = ',\n';
  }
  yield '\n]}\n';
}

async function* encodeLines(image: SegmentedImage, origin: ResultOrigin): AsyncGenerator<string, void, undefined> {
  for await (const features of listFeatures(image, origin)) yield `${features.join('\n')}\n`;
}

/** Features in some texts each; never none. */
async function* listFeatures(
  image: SegmentedImage,
  origin: ResultOrigin,
): AsyncGenerator<readonly string[], void, undefined> {
  const uuidOf = await createNucleusUuids(image, origin);
  const classifications = new Map(
    image.classes.map(({ id, name, color }) => [id, `,"classification":${JSON.stringify({ name, color })}`]),
  );
  for await (const { table, start, end, maskOf } of readShapes(image)) {
    const features: string[] = [];
    for (let row = start; row < end; row++) {
      const geometry = formatGeometry(traceEdges(maskOf(row)));
      const classification = (table.types && classifications.get(table.types[row]!)) ?? '';
      features.push(
        `{"type":"Feature","id":"${uuidOf(table.ids[row]!)}","geometry":${geometry},"properties":{"objectType":"detection"${classification},"measurements":${formatMeasurements(table, row)}}}`,
      );
    }
    yield features;
  }
}

function formatMeasurements({ ids, typeProbabilities }: NucleusTable, row: number): string {
  const probability = typeProbabilities ? `,"${measurementNames.typeProbability}":${typeProbabilities[row]!}` : '';
  return `{"${measurementNames.id}":${ids[row]!}${probability}}`;
}

function formatGeometry(polygons: readonly EdgePolygon[]): string {
  if (polygons.length === 1) return `{"type":"Polygon","coordinates":${formatPolygon(polygons[0]!)}}`;
  return `{"type":"MultiPolygon","coordinates":[${polygons.map(formatPolygon).join()}]}`;
}

function formatPolygon(polygon: EdgePolygon): string {
  return polygon.length === 1 ? `[${formatRing(polygon[0]!)}]` : `[${polygon.map(formatRing).join()}]`;
}

function formatRing(ring: Ring): string {
  let text = '[';
  for (let i = 0; i < ring.length; i += 2) text += `[${ring[i]!},${ring[i + 1]!}],`;
  return `${text}[${ring[0]!},${ring[1]!}]]`;
}

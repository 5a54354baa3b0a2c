// Every format that results can be written in. A new format is a file beside this one and a line here.
import { colorsFormat } from './colors.js';
import { csvFormat, tsvFormat } from './csv.js';
import type { EncodedFile, FormatFile, ResultFormat } from './format.js';
import { geojsonFormat, geojsonLinesFormat } from './geojson.js';
import { hoverNetFormat, qupathPointsFormat } from './hover-net.js';
import { jsonFormat } from './json.js';
import { matFormat } from './mat.js';
import { niftiFormat } from './nifti.js';
import { npyFormat } from './npy.js';
import { overlayFormat } from './overlay.js';
import { pngFormat } from './png.js';
import { rawFormat } from './raw.js';
import { reportFormat } from './report.js';
import { tiffFormat } from './tiff.js';

/** In the order in which help and documentation list them. */
export const resultFormats: readonly ResultFormat[] = [
  niftiFormat,
  npyFormat,
  pngFormat,
  tiffFormat,
  colorsFormat,
  jsonFormat,
  geojsonFormat,
  geojsonLinesFormat,
  csvFormat,
  tsvFormat,
  hoverNetFormat,
  matFormat,
  qupathPointsFormat,
  overlayFormat,
  reportFormat,
  rawFormat,
];

/** Files of a result in `formats`, which are those of types only where there are types. */
export function listFormatFiles(formats: readonly ResultFormat[], isTyped: boolean): FormatFile[] {
  return formats.flatMap(({ files }) => files).filter(({ needsTypes = false }) => isTyped || !needsTypes);
}

/** Names that {@link findFormats} knows: those of text also with `.gz`. */
export const formatNames: readonly string[] = [
  ...resultFormats.map(({ name }) => name),
  ...resultFormats.filter(({ isText }) => isText).map(({ name }) => `${name}.gz`),
];

/** The formats called `names`, in the order of the list; `geojson.gz` is `geojson` in compressed files. */
export function findFormats(names: readonly string[]): ResultFormat[] {
  return resultFormats.flatMap((format) => [
    ...(names.includes(format.name) ? [format] : []),
    ...(format.isText && names.includes(`${format.name}.gz`) ? [compressFormat(format)] : []),
  ]);
}

function compressFormat(format: ResultFormat): ResultFormat {
  return {
    ...format,
    name: `${format.name}.gz`,
    files: format.files.map((file) => ({
      ...file,
      name: `${file.name}_gz`,
      ending: `${file.ending}.gz`,
      encode: (...given) => compressText(file.encode(...given)),
    })),
  };
}

async function* compressText(parts: EncodedFile): AsyncGenerator<Uint8Array, void, undefined> {
  const { compressChunks } = await import('@hovernet/files/internal');
  yield* compressChunks('gzip', encodeParts(parts));
}

async function* encodeParts(parts: EncodedFile): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const encoder = new TextEncoder();
  for await (const part of parts) yield typeof part === 'string' ? encoder.encode(part) : new Uint8Array(part);
}

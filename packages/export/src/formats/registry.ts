// Every format that results can be written in. A new format is a file beside this one and a line here.
import { colorsFormat } from './colors.js';
import { csvFormat, tsvFormat } from './csv.js';
import type { FormatFile, ResultFormat } from './format.js';
import { geojsonFormat, geojsonLinesFormat } from './geojson.js';
import { hoverNetFormat, qupathPointsFormat } from './hover-net.js';
import { jsonFormat } from './json.js';
import { matFormat } from './mat.js';
import { niftiFormat } from './nifti.js';
import { npyFormat } from './npy.js';
import { overlayFormat } from './overlay.js';
import { pngFormat } from './png.js';
import { rawFormat } from './raw.js';
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
  rawFormat,
];

/** Files of a result in `formats`, which are those of types only where there are types. */
export function listFormatFiles(formats: readonly ResultFormat[], isTyped: boolean): FormatFile[] {
  return formats.flatMap(({ files }) => files).filter(({ needsTypes = false }) => isTyped || !needsTypes);
}

// Public interface of @hovernet/export.
export type { EncodedFile, FormatFile, ResultFormat, ResultOrigin } from './formats/format.js';
export { findFormats, formatNames, listFormatFiles, resultFormats } from './formats/registry.js';
export { encodeNifti, encodeNiftiRows, type NiftiOptions, type NiftiRowsOptions } from './encode-nifti.js';
export { indexLabelColors, labelPalette } from './label-colors.js';
export {
  encodeNucleiText,
  formatNuclei,
  formatNucleus,
  formatProvenance,
  nucleiSchema,
  type ImageDescription,
  type NucleiDescription,
  type NucleiDocument,
  type NucleusRecord,
  type ProvenanceRecord,
} from './nuclei-document.js';
export { parseNuclei, type ParsedNuclei, type ParseNucleiOptions } from './parse-nuclei.js';
export { renderOverlay, type OverlayOptions } from './render-overlay.js';
export { parseGeojson, type ParseGeojsonOptions } from './read/parse-geojson.js';
export { parseHoverNet, type ParseHoverNetOptions } from './read/parse-hover-net.js';
export { parseTable, type ParseTableOptions } from './read/parse-table.js';
export { toSegmentedImage, type NucleiFile } from './read/nuclei-file.js';

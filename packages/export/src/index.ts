// Public interface of @hovernet/export.
export { encodeNifti, type NiftiOptions } from './encode-nifti.js';
export {
  formatNuclei,
  nucleiSchema,
  type ImageDescription,
  type NucleiDescription,
  type NucleiDocument,
  type NucleusRecord,
} from './nuclei-document.js';
export { parseNuclei, type ParsedNuclei, type ParseNucleiOptions } from './parse-nuclei.js';
export { renderOverlay, type OverlayOptions } from './render-overlay.js';

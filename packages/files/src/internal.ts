// What the other packages of this repository build on; it may change in any version.
export { assertFitsHalf } from './assert-fits-half.js';
export { elementTypes, readElements } from './element-types.js';
export { toInt32, toUint8 } from './integers.js';
export { formatNpyHeader, parseNpyHeader } from './npy/npy-header.js';
export { countElements, elementBytes } from './numeric-array.js';
export { compressChunks } from './compress-chunks.js';
export { decodeLabelTiff } from './tiff/decode-label-tiff.js';
export { encodeLabelTiff, type LabelTiffOptions } from './tiff/encode-label-tiff.js';
export { checkRows } from './png/row-chunks.js';
export { inflate } from './inflate.js';
export { isPng } from './png/png-format.js';

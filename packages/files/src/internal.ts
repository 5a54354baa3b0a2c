// What the other packages of this repository build on; it may change in any version.
export { assertFitsHalf } from './assert-fits-half.js';
export { elementTypes, readElements, viewElementBytes } from './element-types.js';
export { toInt32, toUint8, type IntegerOptions } from './integers.js';
export { formatNpyHeader, parseNpyHeader, type NpyHeader } from './npy/npy-header.js';
export { countElements, createData, decodeElements, elementBytes, encodeElements } from './numeric-array.js';
export { compressChunks } from './png/compress-chunks.js';
export { checkRows } from './png/row-chunks.js';

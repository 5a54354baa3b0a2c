// Node entry of @hovernet/files: everything of the main entry, with files on disk.
export * from './index.js';
export { readMat } from './mat/node/read-mat.js';
export { encodeMat, writeMat, type EncodeMatOptions } from './mat/node/write-mat.js';
export { readNpy, writeNpy } from './npy/node/npy-files.js';
export { openNpyRows, type NpyRows } from './npy/node/npy-rows.js';
export { readNpyTexts } from './npy/node/read-npy-texts.js';
export { compressNpz, encodeNpz, readNpz, writeNpz } from './npy/node/npz.js';
export { decodePng, encodePng, readPng, writePng } from './png/node/png.js';
export { readPngHeader, readPngRows, type PngHeader } from './png/node/png-rows.js';
export { decodeImage, readImage, type ReadImageOptions } from './png/node/read-image.js';
export { readCsv } from './node/csv.js';
export { listArrays, type ArraySummary, type FileSummary } from './node/list-arrays.js';
export { listFileNames } from './node/list-directory.js';
export { readFileBytes } from './node/read-file-bytes.js';
export { readTorchFile } from './node/read-torch-file.js';
export { replaceDirectory } from './node/replace-directory.js';
export { toFileError } from './node/to-file-error.js';
export { writeFileAtomic, type FileContent } from './node/write-file-atomic.js';

// Node entry of @hovernet/files: everything of the main entry, with files on disk.
export * from './index.js';
export { readMat } from './mat/node/read-mat.js';
export { encodeMat, writeMat, type EncodeMatOptions } from './mat/node/write-mat.js';
export { readNpy, writeNpy } from './npy/node/npy-files.js';
export { readNpz, writeNpz } from './npy/node/npz.js';
export { decodePng, encodePng, readPng, writePng } from './png/node/png.js';
export { decodeImage, readImage, type ReadImageOptions } from './png/node/read-image.js';
export { listArrays, type ArraySummary, type FileSummary } from './listing/node/list-arrays.js';
export { readFileBytes } from './node/read-file-bytes.js';
export { readTorchFile } from './node/read-torch-file.js';
export { replaceDirectory } from './node/replace-directory.js';
export { writeFileAtomic, type FileContent } from './node/write-file-atomic.js';

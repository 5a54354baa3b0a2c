// Node's part of what the other packages of this repository build on; it may change in any version.
export { openNpyRows, type NpyRows } from './npy/node/npy-rows.js';
export { readNpyTexts } from './npy/node/read-npy-texts.js';
export { readPngHeader, readPngRows } from './png/node/png-rows.js';
export type { PngHeader } from './png/png-format.js';
export { cacheDir } from './node/cache-dir.js';
export { readCsv } from './node/csv.js';
export { listFileNames } from './node/list-directory.js';
export { toFileError } from './node/to-file-error.js';
export { holdFolder } from './node/hold-folder.js';
export { mayRun, ownerName } from './node/process-owner.js';

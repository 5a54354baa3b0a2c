// Node entry of @hovernet/export: everything of the main entry, and results in files.
export * from './index.js';
export { listResultFiles, openFileSink, writeFormats, type FileSink, type ResultFiles } from './node/open-file-sink.js';
export { nucleiExtensions, readNuclei, type ReadNucleiOptions } from './node/read-nuclei.js';

// Public interface of @hovernet/inference in Node.
export * from './common.js';
export { openSegmenter, type OpenSegmenterOptions, type SegmenterImage } from './node/open-segmenter.js';
export { openImage, type NodeImage } from './sources/node/open-image.js';
export { createFolderJournal, type FolderJournalOptions, type InterruptedRun } from './journal/node/folder-journal.js';

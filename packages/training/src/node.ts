// Node entry of @hovernet/training: everything of the main entry, and what needs files or threads.
export * from './index.js';

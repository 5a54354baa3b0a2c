// Node entry of @hovernet/inference: everything of the main entry, and what needs files or threads.
export * from './index.js';

// Public interface of @hovernet/core.
export * from './create.js';
export * from './errors.js';
export * from './half-float.js';
export * from './image-source.js';
export * from './maps.js';
export * from './nuclei-sink.js';
export * from './nucleus-table.js';
export * from './nucleus.js';
export * from './random.js';
export * from './reference.js';
export * from './reporter.js';
export * from './validate.js';
export * from './views.js';

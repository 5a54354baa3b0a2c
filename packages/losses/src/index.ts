// Public interface of @hovernet/losses.
export * from './compute-hover-net-loss.js';
export * from './loss-terms.js';

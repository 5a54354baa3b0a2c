// Public interface of @hovernet/losses.
export * from './compute-cross-entropy.js';
export * from './compute-dice.js';
export * from './compute-hover-net-loss.js';
export * from './compute-masked-gradient-mse.js';
export * from './compute-mse.js';

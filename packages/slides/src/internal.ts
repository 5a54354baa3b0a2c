// What the other packages of this repository build on; it may change in any version.
export { resampleSource } from './resample/resample-source.js';

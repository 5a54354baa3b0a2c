// Node entry of @hovernet/training: everything of the main entry, and processes that train together.
export * from './index.js';
export { openCommunicator } from './node/open-communicator.js';

// Public interface of @hovernet/training.
export { writeCheckpoint, type CheckpointToWrite } from './checkpoint.js';
export { createSingleCommunicator, runTogether, type Communicator } from './communicator.js';
export * from './evaluation.js';
export type { EpochRecord } from './history.js';
export { train, type TrainContext, type TrainResult } from './train.js';
export {
  TrainOptionError,
  type BalanceOptions,
  type EncoderStart,
  type LoadingOptions,
  type OptimizerOptions,
  type ScheduleOptions,
  type TrainEngineOptions,
  type TrainOptions,
  type TrainStart,
  type ValidationOptions,
} from './train-options.js';

// Loads TensorFlow.js only for weights that need it.
import type { Engine } from '@hovernet/ops/contract';
import type { ProgramWeights } from './program-network.js';
import type { TrainedNetwork } from './trained-network.js';

/** As `createProgramNetwork`, which traces a TensorFlow.js program. */
export async function openProgramNetwork(engine: Engine, weights: ProgramWeights): Promise<TrainedNetwork> {
  const { createProgramNetwork } = await import('./program-network.js');
  return createProgramNetwork(engine, weights);
}

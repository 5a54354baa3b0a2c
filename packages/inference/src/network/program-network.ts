// Weights as a traced TensorFlow.js program on an engine. Loads TensorFlow.js: import it only when needed.
import { createInferenceProgram, outputSize, toConstants } from '@hovernet/model';
import { createExecutableCache, type Engine, type ExecutableCache } from '@hovernet/ops/contract';
import { cropPlanes, listOutChannels, type TrainedNetwork } from './trained-network.js';
import type { StateDict } from '@hovernet/model';

/** What a program is made of. */
export interface ProgramWeights extends Pick<TrainedNetwork, 'config' | 'classes' | 'mpp'> {
  readonly state: StateDict;
}

/** A network on `engine`, compiled for the first windows, and again where their side changes. */
export function createProgramNetwork(engine: Engine, { config, classes, mpp, state }: ProgramWeights): TrainedNetwork {
  const constants = toConstants(state);
  // Executables of one window at a time: each holds a copy of the weights.
  let current: { readonly inputPx: number; readonly executables: ExecutableCache } | undefined;
  const executablesFor = async (inputPx: number) => {
    if (current?.inputPx === inputPx) return current.executables;
    const former = current;
    const executables = createExecutableCache(({ batchSize, windowPx }) =>
      engine.compile(createInferenceProgram(config, { batch: batchSize, height: windowPx, width: windowPx }), {
        constants,
      }),
    );
    current = { inputPx, executables };
    await former?.executables.dispose();
    return executables;
  };
  return {
    config,
    classes,
    mpp,
    inChannels: config.inChannels,
    outChannels: listOutChannels(config),
    async run(planes, { batchSize, size }) {
      const executables = await executablesFor(size.input);
      const executable = await executables.get({ batchSize, windowPx: size.input });
      const outputs = await executable.run({ image: planes });
      const wholePx = outputSize(config, size.input);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [
          name,
          cropPlanes(data as Float32Array, wholePx, size.output),
        ]),
      );
    },
    dispose: async () => {
      await current?.executables.dispose();
      current = undefined;
    },
  };
}

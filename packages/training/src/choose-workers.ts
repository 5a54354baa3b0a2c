// How many threads make patches where the configuration leaves it open.
import type { EngineConfiguration, LoadingConfiguration } from '../config/configuration.js';
import { parseProviders } from '../network/open-engine.js';

/** The bundle's number: more do not help before the network takes more than 60 patches a second. */
const MOST_WORKERS = 4;

/** Backends of TensorFlow.js that compute on the CPU, far slower than one thread makes patches. */
const CPU_BACKENDS: readonly string[] = ['cpu', 'wasm'];

/** Threads for `loading` on a machine with so many processors; see {@link LoadingConfiguration.workers}. */
export function chooseWorkers(
  { workers }: LoadingConfiguration,
  engine: EngineConfiguration,
  processors: number,
): number {
  if (workers !== 'auto') return workers;
  const onCpu =
    engine.name === 'onnx'
      ? parseProviders(engine.providers).every((provider) => provider === 'cpu')
      : engine.providers.every((backend) => CPU_BACKENDS.includes(backend));
  return onCpu ? 0 : Math.min(MOST_WORKERS, Math.max(1, processors - 1));
}

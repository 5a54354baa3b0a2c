// Entry of a worker thread that makes samples by a recipe.
import { parentPort, workerData } from 'node:worker_threads';
import { ArgumentError, restoreRandom } from '@hovernet/core';
import type { SampleRecipe } from '../samples.js';
import { packError } from './packed-error.js';
import { packToMove, packToShare, unpackValue } from './packed-value.js';
import type { WorkerAnswer, WorkerRequest, WorkerStart } from './worker-messages.js';

const port = parentPort!;

function tell(answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(answer, transfer);
}

async function openRecipe({ module, data }: WorkerStart): Promise<SampleRecipe<unknown, unknown>> {
  const { createRecipe } = (await import(module)) as { createRecipe?: unknown };
  if (typeof createRecipe !== 'function') {
    throw new ArgumentError(`openSampleWorkers: expected ${module} to export a function createRecipe`);
  }
  return (await createRecipe(data)) as SampleRecipe<unknown, unknown>;
}

async function make({ dataset, transform }: SampleRecipe<unknown, unknown>, request: WorkerRequest): Promise<void> {
  const { id, index, random, input: kept, keep } = request;
  try {
    const loaded = kept === undefined ? await dataset.load(index) : unpackValue(kept);
    const shared = keep ? packToShare(loaded) : undefined;
    const input = shared ? unpackValue(shared.value) : loaded;
    const sample = packToMove(transform(input, restoreRandom(random)), input);
    tell({ kind: 'made', id, sample: sample.value, input: shared }, sample.transfer);
  } catch (error) {
    tell({ kind: 'failed', id, error: packError(error) });
  }
}

try {
  const recipe = await openRecipe(workerData as WorkerStart);
  port.on('message', (request: WorkerRequest) => void make(recipe, request));
  tell({ kind: 'ready', length: recipe.dataset.length });
} catch (error) {
  tell({ kind: 'refused', error: packError(error) });
}

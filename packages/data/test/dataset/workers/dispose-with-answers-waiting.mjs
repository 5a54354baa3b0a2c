// Disposes of workers whose answers wait to be read; prints that it came to an end. Nothing else keeps this process alive.
import { setImmediate } from 'node:timers/promises';
import { createRandom } from '@hovernet/core';
import { openSampleWorkers } from '../../../src/dataset/workers/open-sample-workers.js';

const module = new URL('recipes/noisy-maps.js', import.meta.url);
const samples = await openSampleWorkers({ module, data: { length: 4 } }, { workers: 1 });
await samples.make(0, createRandom(0));
for (let index = 0; index < 4; index++) samples.make(index, createRandom(index)).catch(() => {});
await setImmediate();
const started = performance.now();
while (performance.now() - started < 100);
await samples.dispose();
process.stdout.write('disposed\n');

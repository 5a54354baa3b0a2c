// Runs a small program on every backend that a page can load, and sends what came of it to its server.
import * as tf from '@tensorflow/tfjs';
import { openEagerEngine, type Program } from '../../../src/index.js';

const program: Program = {
  name: 'double',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
  run: ({ x }) => ({ y: tf.mul(x!, 2) }),
};

const results: Record<string, string> = {};
for (const backend of ['auto', 'webgpu', 'wasm', 'cpu'] as const) {
  try {
    const engine = await openEagerEngine({ backend, wasmPaths: './' });
    const executable = await engine.compile(program);
    const { y } = await executable.run({ x: Float32Array.of(1, 2) });
    results[backend] = `${engine.name}: ${y!.data.join()}`;
  } catch (error) {
    results[backend] = (error as Error).message;
  }
}
await fetch('./results', { method: 'POST', body: JSON.stringify(results) });

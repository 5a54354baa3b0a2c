// A small model with free axes: `y` is `x` times two, whatever its batch, height and width.
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder } from '../../src/graph.js';

/** Bytes of the model; `metadata` goes into it. */
export function createScaleModel(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', [1, 2, 4, 4]);
  const weight = builder.constant(Float32Array.of(2), [1], 'float32', 'weight');
  builder.output('y', builder.emit('Mul', [x, weight]), 'float32', [1, 2, 4, 4]);
  const graph = builder.finish();
  const symbols = { 0: 'batch', 2: 'height', 3: 'width' };
  const free = <T extends object>(ports: readonly T[]) => ports.map((port) => ({ ...port, symbols }));
  return encodeModel({ ...graph, inputs: free(graph.inputs), outputs: free(graph.outputs) }, metadata);
}

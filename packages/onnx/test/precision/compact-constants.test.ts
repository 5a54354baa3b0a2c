import { runModelNatively } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../src/graph.js';
import { toOnnx } from '../../src/index.js';

/** y = x · halves + singles, where halves are float16 numbers, tiny ones too, and singles are not. */
function createGraph() {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', [1024]);
  const halves = builder.constant(
    Float32Array.from({ length: 1024 }, (_, i) => (i < 8 ? i * 2 ** -24 : i / 256 - 2)),
    [1024],
    'float32',
    'halves',
  );
  const singles = builder.constant(
    Float32Array.from({ length: 1024 }, (_, i) => i / 3),
    [1024],
    'float32',
    'singles',
  );
  builder.output('y', builder.emit('Add', [builder.emit('Mul', [x, halves]), singles]), 'float32', [1024]);
  return builder.finish();
}

it('stores what float16 holds in half of the bytes, and changes no number', async () => {
  const [plain, compact] = [toOnnx(createGraph()), toOnnx(createGraph(), { compact: true })];
  const saved = plain.length - compact.length;
  expect(saved).toBeGreaterThan(2 * 1024 - 128);
  expect(saved).toBeLessThanOrEqual(2 * 1024);
  const x = { data: Float32Array.from({ length: 1024 }, (_, i) => Math.sin(i)), dims: [1024] };
  expect(await runModelNatively(compact, { x })).toEqual(await runModelNatively(plain, { x }));
});

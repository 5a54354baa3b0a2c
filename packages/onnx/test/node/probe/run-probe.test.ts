import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runProbe } from '../../../src/node/probe/run-probe.js';

const target = { engine: 'onnx', provider: 'cpu' } as const;
const child = (name: string) => ({ childPath: fileURLToPath(new URL(`./children/${name}.mjs`, import.meta.url)) });

it('keeps what native libraries print, and does not wait for their threads', async () => {
  const outcome = await runProbe(target, child('answers'));
  expect(outcome).toMatchObject({ result: { present: true, usable: true }, death: '' });
  expect(outcome.output).toContain('error: XDG_RUNTIME_DIR is invalid');
  expect(outcome.output).toContain('probing onnx/cpu');
});

it('outlives a library that ends its process', async () => {
  const outcome = await runProbe(target, child('dies'));
  expect(outcome.result).toBeUndefined();
  expect(outcome.death).toBe('the process ended with SIGABRT');
  expect(outcome.output).toContain('std::bad_alloc');
});

it('gives up on a driver that does not answer', async () => {
  const outcome = await runProbe(target, { ...child('hangs'), timeoutMs: 300 });
  expect(outcome).toMatchObject({ result: undefined, death: 'no answer within 0.3 s' });
});

it('tries the engine in a process of its own', async () => {
  const outcome = await runProbe(target, { ...child('from-sources'), timeoutMs: 50_000 });
  expect(outcome.result).toEqual({ present: true, usable: true, problem: '', note: '' });
});

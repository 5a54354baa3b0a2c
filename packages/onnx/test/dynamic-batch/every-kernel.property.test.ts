import { runModelNatively, type ModelArray, type ModelArrays } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { makeBatchDynamic } from '../../src/dynamic-batch/make-batch-dynamic.js';
import { encodeModel } from '../../src/encode-model.js';
import type { GraphPort, OnnxGraph } from '../../src/graph.js';
import { drawElements, recordInstances, type RecordedInstance } from '../validity/record-instances.js';

/** Every way to make some inputs of one leading length a batch that is not refused. */
function findBatches({
  graph,
}: RecordedInstance): { readonly graph: OnnxGraph; readonly batched: readonly string[] }[] {
  const lengths = new Set(graph.inputs.flatMap(({ dims }) => dims.slice(0, 1)));
  return [...lengths].flatMap((length) => {
    const same = graph.inputs.filter(({ dims }) => dims[0] === length).map(({ name }) => name);
    const choices = [same, ...(same.length > 1 ? same.map((name) => [name]) : [])];
    return choices.flatMap((batched) => {
      try {
        return [{ graph: makeBatchDynamic(graph, batched), batched }];
      } catch (error) {
        if ((error as { code?: string }).code === 'UNSUPPORTED') return [];
        throw error;
      }
    });
  });
}

const itemsOf = ({ data, dims }: ModelArray, from: number, count: number): ModelArray => {
  const size = dims.slice(1).reduce((product, length) => product * length, 1);
  return { data: data.slice(from * size, (from + count) * size), dims: [count, ...dims.slice(1)] };
};

function findDifference(actual: ModelArray, expected: ModelArray): string | undefined {
  if (actual.dims.join() !== expected.dims.join())
    return `[${actual.dims.join()}] in place of [${expected.dims.join()}]`;
  for (let i = 0; i < actual.data.length; i++) {
    const [a, b] = [actual.data[i]!, expected.data[i]!];
    // Products of other shapes may be added in another order.
    const isSame = Object.is(a, b) || Math.abs(a - b) <= 1e-4 * Math.max(1, Math.abs(b));
    if (!isSame) return `${a} in place of ${b} at ${i}`;
  }
  return undefined;
}

it('what is proven to keep items of a batch apart does', { timeout: 300_000 }, async () => {
  const failures: string[] = [];
  const proven = new Set<string>();
  for (const instance of await recordInstances({ numRuns: 6, seed: 5, withGradients: false })) {
    for (const { graph, batched } of findBatches(instance)) {
      proven.add(instance.name.split(' ')[0]!);
      const model = encodeModel(graph);
      const count = 3;
      const feed = ({ name, dims }: GraphPort, index: number) => {
        const shape = batched.includes(name) ? [count, ...dims.slice(1)] : dims;
        return [name, { data: drawElements(instance.inputs.get(name)!, shape, index), dims: shape }] as const;
      };
      const feeds: ModelArrays = Object.fromEntries(graph.inputs.map(feed));
      const options = { graphOptimizationLevel: 'disabled' } as const;
      try {
        const together = await runModelNatively(model, feeds, options);
        for (let item = 0; item < count; item++) {
          const one = Object.entries(feeds).map(([name, array]) => {
            return [name, batched.includes(name) ? itemsOf(array, item, 1) : array] as const;
          });
          const alone = await runModelNatively(model, Object.fromEntries(one), options);
          for (const [name, expected] of Object.entries(alone)) {
            const difference = findDifference(itemsOf(together[name]!, item, 1), expected);
            if (difference) failures.push(`${instance.name} over ${batched.join()}: ${name}: ${difference}`);
          }
        }
      } catch (error) {
        failures.push(`${instance.name} over ${batched.join()}: ${String(error)}`);
      }
    }
  }
  expect(failures).toEqual([]);
  // Of some 150 kernels; the others take no batch, or not in these calls.
  expect(proven.size).toBeGreaterThan(80);
});

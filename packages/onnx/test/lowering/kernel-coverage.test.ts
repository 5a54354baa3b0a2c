import '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listSupportedKernels } from '../../src/lowering/table.js';
import { explainUnsupported, listUnsupportedKernels } from '../../src/lowering/unsupported.js';
import { listKernels } from '../support.js';
import { allCases } from './cases/all-cases.js';
import { toSubject } from './check-cases.js';

describe('the kernels of tfjs-cpu', () => {
  const registered = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);

  it('can be recorded or have a reason why not, and never both', () => {
    const supported = new Set(listSupportedKernels());
    const both = listUnsupportedKernels().filter((name) => supported.has(name));
    const neither = registered.filter((name) => !supported.has(name) && explainUnsupported(name) === undefined);
    expect({ both, neither }).toEqual({ both: [], neither: [] });
  });

  it('include every kernel that can be recorded', () => {
    expect(listSupportedKernels().filter((name) => !registered.includes(name))).toEqual([]);
  });
});

describe('the cases of the property test', () => {
  it('run the kernel of their name, and together every kernel that can be recorded', async () => {
    const seen = new Set<string>();
    const astray: string[] = [];
    for (const [name, instances] of Object.values(allCases).flatMap((table) => Object.entries(table))) {
      const own = new Set<string>();
      for (const instance of fc.sample(instances, { numRuns: 12, seed: 7 })) {
        for (const kernel of await listKernels(toSubject(instance, 1))) own.add(kernel);
      }
      own.forEach((kernel) => seen.add(kernel));
      if (!own.has(name.split(' ')[0]!)) astray.push(name);
    }
    expect(astray).toEqual([]);
    expect(listSupportedKernels().filter((name) => !seen.has(name))).toEqual([]);
  });
});

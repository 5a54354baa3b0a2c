// Runs random instances of a table of cases on both engines and says where they differ.
import '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { runAllBoth, type Comparison, type Subject, type TestedProvider } from '../support.js';
import type { CaseTable, Instance } from './cases/instance.js';

export interface CheckOptions {
  /** Of what is random. @default 7 */
  readonly seed?: number;
  /** Where the recorded graphs run. @default 'cpu' */
  readonly provider?: TestedProvider;
  /** Whether only finite results are compared. @default false */
  readonly finiteOnly?: boolean;
}

/**
 * Every kernel of the table once in each of `numRuns` graphs. Integers and bools must be equal. Floats differ by the order
 * of additions and by the runtime's own exp, log and the like: 1e-5 of the element, or 1e-6 of the largest one, by default.
 */
export async function checkCases(
  table: CaseTable,
  numRuns: number,
  { seed = 7, provider = 'cpu', finiteOnly = false }: CheckOptions = {},
): Promise<void> {
  const names = Object.keys(table);
  const drawn = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.record({ instance: table[name]!, seed: fc.nat({ max: 1e6 }) })])),
  );
  const checked = await fc.check(
    fc.asyncProperty(drawn, async (instances) => {
      const subjects = names.map((name) => toSubject(instances[name]!.instance, instances[name]!.seed));
      const results = await runAllBoth(subjects, provider).catch((error: Error) =>
        explainFailure(
          error,
          subjects.map((subject, index) => ({
            subject,
            shown: `${names[index]} ${describe(instances[names[index]!]!)}`,
          })),
          provider,
        ),
      );
      const failures = names.flatMap((name, index) =>
        results[index]!.flatMap((comparison) => {
          const difference = describeDifference(comparison, instances[name]!.instance, finiteOnly);
          return difference ? [`${name} ${comparison.name}: ${difference}; ${describe(instances[name]!)}`] : [];
        }),
      );
      if (failures.length > 0) throw new Error(failures.join('\n'));
    }),
    { numRuns, seed, endOnFailure: true },
  );
  // Rather than fast-check's own report, which shows the instances of all kernels.
  if (checked.failed) throw checked.errorInstance;
}

/** Finds the instance for which no graph could be made or run. */
async function explainFailure(
  error: Error,
  tried: readonly { readonly subject: Subject; readonly shown: string }[],
  provider: TestedProvider,
): Promise<never> {
  for (const { subject, shown } of tried) {
    await runAllBoth([subject], provider).catch((cause: Error) => {
      throw new Error(`${shown}: ${cause.message}`, { cause });
    });
  }
  throw error;
}

/** Outputs of an instance, and the gradients of Σ output · w for a fixed, uneven w. */
export function toSubject({ inputs, run, gradients = [] }: Instance, seed: number): Subject {
  return {
    inputs,
    seed,
    fn: (...tensors) => {
      const outputs = [run(...tensors)].flat();
      const named = Object.fromEntries(outputs.map((output, index) => [`y${index}`, output]));
      const differentiated = gradients.filter((index) => !inputs[index]!.constant && tensors[index]!.size > 0);
      if (differentiated.length === 0 || outputs.some((output) => output.size === 0)) return named;
      const weighted = (...variables: tf.Tensor[]) => {
        const given = tensors.map((tensor, index) => variables[differentiated.indexOf(index)] ?? tensor);
        const results = [run(...given)].flat().filter((result) => result.dtype === 'float32');
        return tf.addN(results.map(weigh)).asScalar();
      };
      const found = tf.grads(weighted)(differentiated.map((index) => tensors[index]!));
      return { ...named, ...Object.fromEntries(found.map((gradient, i) => [`d${differentiated[i]}`, gradient])) };
    },
  };
}

function weigh(y: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.add(tf.mul(tf.range(0, y.size), 0.7), 0.3)), y.shape)));
}

function describe({ instance, seed }: { readonly instance: Instance; readonly seed: number }): string {
  return JSON.stringify({ seed, attributes: instance.attributes, inputs: instance.inputs });
}

function describeDifference(comparison: Comparison, instance: Instance, finiteOnly: boolean): string | undefined {
  const { dtype, eager, recorded, shapes } = comparison;
  if (shapes[0].join() !== shapes[1].join())
    return `expected shape [${shapes[0].join(', ')}], got [${shapes[1].join(', ')}]`;
  const { relative = 1e-5, absolute = 1e-6 } = instance;
  // Gradients are sums of terms of order 1 that may cancel; the runtime's sigmoid is off by 3e-8 where it is tiny.
  let magnitude = comparison.name.startsWith('d') ? 1 : 0.1;
  for (let i = 0; i < eager.length; i++)
    if (Number.isFinite(eager[i])) magnitude = Math.max(magnitude, Math.abs(eager[i]!));
  for (let i = 0; i < eager.length; i++) {
    const [expected, got] = [eager[i]!, recorded[i]!];
    if (Object.is(expected, got) || expected === got || (finiteOnly && !Number.isFinite(expected))) continue;
    const allowed = dtype === 'float32' ? Math.abs(expected) * relative + magnitude * absolute : 0;
    const close = Number.isFinite(expected) && Math.abs(expected - got) <= allowed;
    if (!close) return `expected ${expected}, got ${got} at ${i} (${dtype})`;
  }
  return undefined;
}

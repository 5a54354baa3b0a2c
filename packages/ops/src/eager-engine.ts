// Runs programs operation by operation on a TensorFlow.js backend, without tracing.
import { ArgumentError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { startBackend, withBackend } from './backends/start-backend.js';
import { assertConstants, assertFeeds } from './check-feeds.js';
import { downloadTensor, uploadTensor } from './host-transfer.js';
import type { Engine, Executable, HostArray, HostData, Program, TensorSpec } from './program.js';
import './register.js';

export interface EagerEngineOptions {
  /** Name of a registered TensorFlow.js backend: `cpu`, `webgl`, `wasm`, `webgpu`, `tensorflow`. @default 'cpu' */
  readonly backend?: string;
}

/**
 * An engine named `tfjs-<backend>`. Its `compile` throws UnsupportedError if no such backend is registered and
 * BackendError if the backend does not start. TensorFlow.js keeps the current backend that it had.
 */
export function createEagerEngine(options: EagerEngineOptions = {}): Engine {
  const { backend = 'cpu' } = options;
  return {
    name: `tfjs-${backend}`,
    async compile(program, { constants = new Map<string, HostData>() } = {}) {
      assertConstants(program.name, program.inputs, constants);
      await startBackend(backend);
      return new EagerExecutable(program, backend, constants);
    },
  };
}

class EagerExecutable implements Executable {
  readonly inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[] | undefined;
  /** Undefined once disposed. */
  private constants: Record<string, tf.Tensor> | undefined;

  constructor(
    private readonly program: Program,
    private readonly backend: string,
    constants: ReadonlyMap<string, HostData>,
  ) {
    this.inputs = program.inputs.filter((spec) => !constants.has(spec.name));
    const fixed = program.inputs.filter((spec) => constants.has(spec.name));
    this.constants = withBackend(backend, () =>
      Object.fromEntries(
        fixed.map((spec) => [spec.name, tf.keep(uploadTensor(spec, constants.get(spec.name)!.slice()))]),
      ),
    );
  }

  async run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    const { program, inputs, constants } = this;
    if (!constants) throw new ArgumentError(`${program.name}: expected an executable in use, got a disposed one`);
    assertFeeds(program.name, inputs, feeds);
    const { specs, tensors } = withBackend(this.backend, () => computeOutputs(program, inputs, feeds, constants));
    try {
      const arrays = await Promise.all(tensors.map(downloadTensor));
      this.outputs = specs;
      return Object.fromEntries(specs.map((spec, index) => [spec.name, arrays[index]!]));
    } finally {
      tf.dispose(tensors);
    }
  }

  dispose(): Promise<void> {
    tf.dispose(this.constants ?? {});
    this.constants = undefined;
    return Promise.resolve();
  }
}

/** The outputs' specs, and their elements in host order. */
function computeOutputs(
  program: Program,
  inputSpecs: readonly TensorSpec[],
  feeds: Readonly<Record<string, HostData>>,
  constants: Record<string, tf.Tensor>,
): { specs: TensorSpec[]; tensors: tf.Tensor[] } {
  const specs: TensorSpec[] = [];
  const tensors = tf.tidy(() => {
    const inputs = inputSpecs.map((spec) => [spec.name, uploadTensor(spec, feeds[spec.name]!)] as const);
    const outputs = program.run({ ...constants, ...Object.fromEntries(inputs) });
    return Object.entries(outputs).map(([name, output]) => {
      const dtype = output.dtype === 'float32' ? 'float32' : 'int32';
      const layout = program.outputLayout?.(name, output.rank);
      specs.push({ name, shape: output.shape, dtype, layout });
      // A tensor of its own: the program may return one under two names, or one that it keeps.
      const tensor = tf.cast(output, dtype);
      return layout ? tf.transpose(tensor, [...layout]) : tf.clone(tensor);
    });
  });
  return { specs, tensors };
}

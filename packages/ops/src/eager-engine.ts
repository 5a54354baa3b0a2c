// Runs programs operation by operation on a TensorFlow.js backend, without tracing.
import { ArgumentError, HovernetError, ShapeError, UnsupportedError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import {
  toHostShape,
  type Engine,
  type Executable,
  type HostArray,
  type HostData,
  type Layout,
  type Program,
  type TensorSpec,
} from './program.js';
import './register.js';

export interface EagerEngineOptions {
  /** Name of a registered TensorFlow.js backend: `cpu`, `webgl`, `wasm`, `webgpu`, `tensorflow`. @default 'cpu' */
  readonly backend?: string;
}

/**
 * An engine named `tfjs-<backend>`. Its `compile` throws UnsupportedError if no such backend is registered and
 * HovernetError ENGINE_FAILED if the backend does not start. The current backend of TensorFlow.js is left as it was.
 */
export function createEagerEngine(options: EagerEngineOptions = {}): Engine {
  const { backend = 'cpu' } = options;
  return {
    name: `tfjs-${backend}`,
    async compile(program, { constants = new Map() } = {}) {
      await startBackend(backend);
      return new EagerExecutable(program, backend, constants);
    },
  };
}

class EagerExecutable implements Executable {
  outputs: readonly TensorSpec[] | undefined;
  private disposed = false;

  constructor(
    private readonly program: Program,
    private readonly backend: string,
    private readonly constants: ReadonlyMap<string, HostData>,
  ) {}

  get inputs(): readonly TensorSpec[] {
    return this.program.inputs.filter((spec) => !this.constants.has(spec.name));
  }

  async run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    const { program, backend } = this;
    if (this.disposed) throw new ArgumentError(`${program.name}: expected an executable in use, got a disposed one`);
    const allFeeds = { ...feeds, ...Object.fromEntries(this.constants) };
    assertFeeds(program, allFeeds);
    const results = withBackend(backend, () => computeOutputs(program, allFeeds));
    try {
      const entries = results.map(async ({ spec, tensor }) => [spec.name, await download(tensor)] as const);
      const arrays = Object.fromEntries(await Promise.all(entries));
      this.outputs = results.map(({ spec }) => spec);
      return arrays;
    } finally {
      tf.dispose(results.map(({ tensor }) => tensor));
    }
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

/** An output in host order, not yet read. */
interface Result {
  readonly spec: TensorSpec;
  readonly tensor: tf.Tensor;
}

function computeOutputs(program: Program, feeds: Readonly<Record<string, HostData>>): Result[] {
  return tf.tidy('run', () => {
    const inputs = program.inputs.map((spec) => [spec.name, upload(spec, feeds[spec.name]!)] as const);
    const outputs = Object.entries(program.run(Object.fromEntries(inputs)));
    const results = outputs.map(([name, tensor]): Result => {
      const layout = program.outputLayout?.(name, tensor.rank);
      const dtype = tensor.dtype === 'float32' ? 'float32' : 'int32';
      const typed = tensor.dtype === dtype ? tensor : tf.cast(tensor, dtype);
      // A clone: the program may return one tensor under two names, or one that it keeps.
      const host = layout ? tf.transpose(typed, [...layout]) : tf.clone(typed);
      return { spec: { name, shape: tensor.shape, dtype, layout }, tensor: host };
    });
    return results as unknown as Result[] & tf.TensorContainer;
  });
}

function upload(spec: TensorSpec, data: HostData): tf.Tensor {
  const host = tf.tensor(data, toHostShape(spec.shape, spec.layout), spec.dtype);
  return spec.layout ? tf.transpose(host, invertLayout(spec.layout)) : host;
}

/** Elements in host order, copied: on some backends `data()` is the tensor's own memory, even a feed's. */
async function download(tensor: tf.Tensor): Promise<HostArray> {
  const data = (await tensor.data()) as HostData;
  return { data: data.slice() as HostData, shape: tensor.shape };
}

function invertLayout(layout: Layout): number[] {
  return layout.map((_, axis) => layout.indexOf(axis));
}

function assertFeeds(program: Program, feeds: Readonly<Record<string, HostData>>): void {
  const names = program.inputs.map((spec) => spec.name);
  const unknown = Object.keys(feeds).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError(`${program.name}: expected inputs ${names.join(', ')}, got ${unknown}`);
  }
  for (const spec of program.inputs) {
    const data = feeds[spec.name];
    if (!data) throw new ArgumentError(`${program.name}: expected input ${spec.name}, got none`);
    const size = spec.shape.reduce((product, length) => product * length, 1);
    const dtype = data instanceof Int32Array ? 'int32' : 'float32';
    if (data.length !== size || dtype !== spec.dtype) {
      throw new ShapeError(
        `${program.name}: ${spec.name}`,
        `${size} elements of ${spec.dtype}`,
        `${data.length} of ${dtype}`,
      );
    }
  }
}

async function startBackend(backend: string): Promise<void> {
  if (!tf.findBackendFactory(backend)) {
    const registered = Object.keys(tf.engine().registryFactory).join(', ');
    const expected = `a registered TensorFlow.js backend (${registered})`;
    throw new UnsupportedError(`createEagerEngine: expected ${expected}, got ${backend}; import its package first`);
  }
  const previous = tf.getBackend();
  const started = await tf.setBackend(backend);
  if (previous) await tf.setBackend(previous);
  if (!started) throw new HovernetError('ENGINE_FAILED', `createEagerEngine: the backend ${backend} does not start`);
}

/** Runs `compute` with `backend` current. A started backend becomes current at once, before the promise settles. */
function withBackend<T>(backend: string, compute: () => T): T {
  const previous = tf.getBackend();
  if (previous === backend) return compute();
  void tf.setBackend(backend);
  try {
    return compute();
  } finally {
    if (previous) void tf.setBackend(previous);
  }
}

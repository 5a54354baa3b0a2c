// A session in the calling thread: no copies and no start-up, but a run blocks the event loop.
import type { HostArray, HostData } from '@hovernet/ops/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadRuntime, type Runtime } from './providers.js';
import type { SessionInput, SessionThread } from './session-thread.js';

/**
 * Loads the runtime.
 * @throws UnsupportedError if onnxruntime-node is not installed or does not load.
 */
export async function useCallingThread(): Promise<SessionThread> {
  return new CallingThread(await loadRuntime());
}

class CallingThread implements SessionThread {
  private model: Uint8Array | undefined;
  private session: InferenceSession | undefined;
  private inputs: readonly SessionInput[] = [];
  /** Settles when no run is under way. */
  private idle: Promise<unknown> = Promise.resolve();
  /** The tensor of each input's last array: weights that change in place are wrapped once. */
  private readonly wrapped = new Map<string, { readonly data: HostData; readonly tensor: Tensor }>();

  constructor(private readonly runtime: Runtime) {}

  get version(): string {
    return this.runtime.env.versions.node ?? '';
  }

  take(model: Uint8Array): Promise<void> {
    this.model = model;
    return Promise.resolve();
  }

  async open(options: InferenceSession.SessionOptions, path?: string): Promise<void> {
    this.session = await this.runtime.InferenceSession.create((path ?? this.model) as string, options);
    this.model = undefined;
  }

  bind(inputs: readonly SessionInput[]): Promise<void> {
    this.inputs = inputs;
    return Promise.resolve();
  }

  run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    const tensors = Object.fromEntries(this.inputs.map((input) => [input.name, this.wrap(input, feeds[input.name]!)]));
    return this.compute(tensors);
  }

  runArrays(feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>> {
    const tensors = Object.entries(feeds).map(([name, { data, shape }]) => {
      const type = data instanceof Int32Array ? 'int32' : 'float32';
      return [name, new this.runtime.Tensor(type, data as Float32Array, shape)] as const;
    });
    return this.compute(Object.fromEntries(tensors));
  }

  async close(): Promise<void> {
    await this.idle;
    await this.session?.release();
    this.session = undefined;
    this.wrapped.clear();
  }

  private async compute(tensors: Record<string, Tensor>): Promise<Record<string, HostArray>> {
    const running = this.session!.run(tensors);
    this.idle = Promise.allSettled([this.idle, running]).then(() => undefined);
    const results = await running;
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as HostData, shape: dims }]),
    );
  }

  private wrap({ name, type, dims }: SessionInput, data: HostData): Tensor {
    const known = this.wrapped.get(name);
    if (known?.data === data) return known.tensor;
    // The runtime does not take shared memory.
    const own = data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
    const tensor = new this.runtime.Tensor(type, own as Float32Array, dims);
    if (own === data) this.wrapped.set(name, { data, tensor });
    return tensor;
  }
}

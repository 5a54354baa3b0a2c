// A TensorFlow.js backend that computes nothing: it keeps a symbolic value per tensor and records kernels as ONNX nodes.
import {
  DataStorage,
  engine,
  KernelBackend,
  registerBackend,
  registerKernel,
  type backend_util,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs';
import { UnsupportedError } from '@hovernet/core';
import { lowerings } from './lowering/table.js';
import type { Recorder } from './recorder.js';
import { constantValue, knownData, newData, type KnownData, type TracedType, type Value } from './value.js';

/** Name under which the backend is registered. */
export const TRACE_BACKEND = 'hovernet-trace';

type DataId = object;

export class TraceBackend extends KernelBackend {
  /** What is being recorded; set for the time of one trace. */
  recorder: Recorder | undefined;
  private readonly values = new DataStorage<Value>(this, engine());
  private readonly references = new WeakMap<DataId, number>();

  /** Keeps `value` under a new data id. */
  put(value: Value): DataId {
    const id = {};
    this.values.set(id, value);
    this.references.set(id, 1);
    return id;
  }

  /** The value of a tensor of this backend. */
  get(id: DataId): Value {
    return this.values.get(id);
  }

  override write(data: backend_util.BackendValues, shape: number[], dtype: DataType): DataId {
    return this.put(constantValue(toKnownData(data, dtype), shape, dtype as TracedType));
  }

  override move(id: DataId, data: backend_util.BackendValues, shape: number[], dtype: DataType, count: number): void {
    this.values.set(id, constantValue(toKnownData(data, dtype), shape, dtype as TracedType));
    this.references.set(id, count);
  }

  override readSync(id: DataId): backend_util.BackendValues {
    const value = this.get(id);
    if (value.kind === 'constant') return knownData(value);
    throw new UnsupportedError(
      'expected a function of static shape, got one that reads the elements of a traced tensor (data, array, print or control flow that depends on data)',
    );
  }

  override read(id: DataId): Promise<backend_util.BackendValues> {
    return Promise.resolve().then(() => this.readSync(id));
  }

  override refCount(id: DataId): number {
    return this.references.get(id) ?? 0;
  }

  override incRef(id: DataId): void {
    this.references.set(id, this.refCount(id) + 1);
  }

  override disposeData(id: DataId, force = false): boolean {
    const count = this.refCount(id) - 1;
    this.references.set(id, count);
    if (!force && count > 0) return false;
    this.values.delete(id);
    return true;
  }

  override numDataIds(): number {
    return this.values.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

let backend: TraceBackend | undefined;

/** The registered backend; registers it and its kernels at the first call. */
export function traceBackend(): TraceBackend {
  if (backend) return backend;
  const created = new TraceBackend();
  backend = created;
  registerBackend(TRACE_BACKEND, () => created, 0);
  for (const [kernelName, lowering] of Object.entries(lowerings)) {
    registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        if (!created.recorder) throw new UnsupportedError(`trace: ${kernelName} was called outside traceFunction`);
        const tensors = Object.entries(inputs as Record<string, TensorInfo | undefined>);
        const values = Object.fromEntries(
          tensors.flatMap(([name, tensor]) => (tensor ? [[name, created.get(tensor.dataId)]] : [])),
        );
        const outputs = describeFailure(kernelName, () => lowering(created.recorder!, values, attrs ?? {}));
        const wrap = (value: Value): TensorInfo => ({
          dataId: created.put(value),
          shape: [...value.shape],
          dtype: value.type,
        });
        return Array.isArray(outputs) ? outputs.map(wrap) : wrap(outputs);
      },
    });
  }
  return created;
}

/** Lets errors of a lowering begin with the kernel's name. */
function describeFailure<T>(kernelName: string, lower: () => T): T {
  try {
    return lower();
  } catch (error) {
    if (error instanceof Error && !error.message.startsWith(kernelName))
      error.message = `${kernelName}: ${error.message}`;
    throw error;
  }
}

function toKnownData(data: backend_util.BackendValues, dtype: DataType): KnownData {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new UnsupportedError(`expected tensors of float32, int32 or bool, got one of ${dtype}`);
  }
  const list = data as unknown as ArrayLike<number>;
  if (dtype === 'float32' && data instanceof Float32Array) return data;
  const known = newData(dtype as TracedType, list.length);
  known.set(list as ArrayLike<number> & Iterable<number>);
  return known;
}

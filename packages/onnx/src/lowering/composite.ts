// Lowerings written as TensorFlow.js: the operations that they call are recorded in turn.
import { engine, tidy, type KernelBackend, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs';
import type { Value } from '../value.js';
import type { KernelAttributes, Lowering } from './types.js';

/** Tensors of a kernel by the names of its inputs; those with a list of inputs have them under '0', '1', … */
export type TensorInputs = Readonly<Record<string, Tensor>>;

/** A kernel in terms of others. */
export type Composition = (inputs: TensorInputs, attributes: KernelAttributes) => Tensor | Tensor[];

/** What a lowering needs of the tracing backend, which is the current one while a function is traced. */
interface ValueStore extends KernelBackend {
  put(value: Value): object;
  get(id: object): Value;
}

/** The lowering that runs `compose` on symbolic tensors. */
export function composite(compose: Composition): Lowering {
  return (_recorder, inputs, attributes) => {
    const store = engine().backend as ValueStore;
    const values: Value[] = [];
    let many = false;
    tidy(() => {
      const tensors = Object.entries(inputs).map(([name, value]) => {
        const info: TensorInfo = { dataId: store.put(value), shape: [...value.shape], dtype: value.type };
        return [name, engine().makeTensorFromTensorInfo(info, store)] as const;
      });
      const outputs = compose(Object.fromEntries(tensors), attributes);
      many = Array.isArray(outputs);
      for (const output of [outputs].flat()) values.push(store.get(output.dataId));
    });
    return many ? values : values[0]!;
  };
}

/** Runs another kernel inside of a composition. */
export function runKernel<T extends Tensor | Tensor[]>(
  kernelName: string,
  inputs: TensorInputs,
  attributes: object = {},
): T {
  return engine().runKernel<T>(kernelName, { ...inputs }, attributes as NamedAttrMap);
}

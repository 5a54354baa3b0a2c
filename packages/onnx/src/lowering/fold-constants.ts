// Kernels of constants alone are computed while tracing, by TensorFlow.js' own cpu backend: its results are exact by definition.
import { engine, env, getKernel, tensor, tidy, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs';
import { broadcastShapes, sizeOf } from '../layout.js';
import { constantValue, isSplat, knownData, newData, splatValue } from '../value.js';
import type { ConstantValue, Value } from '../value.js';
import type { KernelAttributes, KernelInputs, Lowering } from './types.js';

const HOST_BACKEND = 'cpu';

/** How a kernel relates its elements. */
export interface FoldOptions {
  /** Every element of the output depends on one element of each input, so that equal elements give equal ones. */
  readonly elementwise: boolean;
}

/** `lowering`, but constants in give constants out, and tensors without elements count as constants. */
export function foldConstants(kernelName: string, lowering: Lowering, { elementwise }: FoldOptions): Lowering {
  return (recorder, inputs, attributes) => {
    const known = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, emptyToConstant(value)]));
    const values = Object.values(known);
    const foldable = values.length > 0 && values.every(isConstant) && getKernel(kernelName, HOST_BACKEND);
    if (!foldable) return mapValues(lowering(recorder, known, attributes), emptyToConstant);
    if (values.every((value) => isSplat(value))) {
      if (elementwise) return foldSplats(kernelName, known, attributes);
      const outputs = lowering(recorder, known, attributes);
      if ([outputs].flat().every(isConstant)) return outputs;
    }
    return computeOnHost(kernelName, known, attributes);
  };
}

/** Equal elements stay one number. */
function foldSplats(kernelName: string, inputs: KernelInputs, attributes: KernelAttributes): Value | Value[] {
  const shape = broadcastShapes(...Object.values(inputs).map((value) => value.shape));
  const scalars = Object.entries(inputs).map(([name, value]) => [name, { ...value, data: undefined, shape: [] }]);
  const outputs = computeOnHost(kernelName, Object.fromEntries(scalars) as KernelInputs, attributes);
  return mapValues(outputs, (value) => splatValue(knownData(value as ConstantValue)[0]!, shape, value.type));
}

/**
 * Outputs of a kernel whose inputs, if it has any, are constants.
 * @throws Error if an output is neither float32, int32 nor bool.
 */
export function computeOnHost(
  kernelName: string,
  inputs: KernelInputs,
  attributes: KernelAttributes,
): ConstantValue | ConstantValue[] {
  const tracing = engine().backendName;
  const silent = env().getBool('PROD');
  void engine().setBackend(HOST_BACKEND);
  // At first use the backend advises to install a faster one, which would change nothing for constants.
  env().set('PROD', true);
  try {
    let many = false;
    const constants: ConstantValue[] = [];
    tidy(() => {
      const tensors = Object.entries(inputs).map(([name, value]) => [name, hostTensor(value as ConstantValue)]);
      const named = Object.fromEntries(tensors) as Record<string, Tensor>;
      // Kernels with a list of inputs expect an array.
      const given = '0' in named ? (Object.values(named) as unknown as Record<string, Tensor>) : named;
      const outputs = engine().runKernel<Tensor | Tensor[]>(kernelName, given, attributes as NamedAttrMap);
      many = Array.isArray(outputs);
      for (const output of [outputs].flat()) constants.push(toConstant(output));
    });
    return many ? constants : constants[0]!;
  } finally {
    env().set('PROD', silent);
    void engine().setBackend(tracing);
  }
}

/** A copy, because some kernels write into their inputs. */
function hostTensor(value: ConstantValue): Tensor {
  return tensor(knownData(value).slice(), [...value.shape], value.type);
}

function toConstant(output: Tensor): ConstantValue {
  const { dtype } = output;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new Error(`expected a result of type float32, int32 or bool, got ${dtype}`);
  }
  const data = newData(dtype, output.size);
  data.set(output.dataSync<'float32'>());
  return constantValue(data, output.shape, dtype);
}

function isConstant(value: Value): value is ConstantValue {
  return value.kind === 'constant';
}

function emptyToConstant(value: Value): Value {
  if (value.kind === 'constant' || sizeOf(value.shape) > 0) return value;
  return constantValue(newData(value.type, 0), value.shape, value.type);
}

function mapValues(values: Value | Value[], change: (value: Value) => Value): Value | Value[] {
  return Array.isArray(values) ? values.map(change) : change(values);
}

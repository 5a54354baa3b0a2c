// What the engines share: a program over static shapes, and an executable that runs it on host arrays.
import type { Tensor } from '@tensorflow/tfjs';

/** Order of a host array's axes: host axis i is logical axis layout[i] of the tensor. */
export type Layout = readonly number[];

/** Channel-first host data of an NHWC tensor. */
export const NCHW: Layout = [0, 3, 1, 2];

/** PyTorch's order of filters as host data of an HWIO tensor. */
export const OIHW: Layout = [3, 2, 0, 1];

/** An input or output of a program. */
export interface TensorSpec {
  readonly name: string;
  /** As the TensorFlow.js function sees it. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** How host arrays are laid out. @default the order of `shape` */
  readonly layout?: Layout | undefined;
}

/**
 * A TensorFlow.js function from named tensors to named tensors: static shapes, no reading of values, no side effects. Outputs
 * have other names than inputs, because both are names of one graph.
 */
export interface Program {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  run(inputs: Record<string, Tensor>): Record<string, Tensor>;
  /** Host layout of an output; the order of its shape where undefined. */
  outputLayout?(name: string, rank: number): Layout | undefined;
}

/** Elements of an input, in host order. */
export type HostData = Float32Array | Int32Array;

/** An output on the host: elements in C order of `shape`. */
export interface HostArray {
  readonly data: HostData;
  readonly shape: readonly number[];
}

/** A program made ready to run. */
export interface Executable {
  /** The inputs of the program that are not constants. */
  readonly inputs: readonly TensorSpec[];
  /** Undefined until known: tracing engines know it from the start, eager ones after the first run. */
  readonly outputs: readonly TensorSpec[] | undefined;
  /**
   * Runs once on host arrays, one for every input, and returns arrays that the caller owns. The arrays that it is given may be
   * changed between runs, not before the promise settles; runs may overlap.
   * @throws ArgumentError for a missing or unknown input, or once disposed; ShapeError for an array that does not fit
   */
  run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>>;
  /** Frees what the executable holds; runs under way end first, and none can start afterwards. Harmless when repeated. */
  dispose(): Promise<void>;
}

/** What every engine lets the caller say of a program. */
export interface CompileOptions {
  /**
   * Host-order elements, by name, of inputs that stay the same, such as weights for inference. They are no inputs of the
   * executable; the arrays are read once. @default none
   */
  readonly constants?: ReadonlyMap<string, HostData>;
}

/** Something that runs programs; every engine keeps the contract of packages/onnx/test/engine-contract.test.ts. */
export interface Engine {
  readonly name: string;
  /** @throws ArgumentError for a constant that is no input, ShapeError for one that does not fit */
  compile(program: Program, options?: CompileOptions): Promise<Executable>;
}

/** Shape of the host array of a tensor with `shape`. */
export function toHostShape(shape: readonly number[], layout: Layout | undefined): number[] {
  return layout ? layout.map((axis) => shape[axis]!) : [...shape];
}

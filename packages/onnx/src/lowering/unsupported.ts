// Kernels of TensorFlow.js that cannot be recorded, and why. They still run on constants, where their results are constants.
import { UnsupportedError } from '@hovernet/core';
import type { Lowering } from './types.js';

const COMPLEX = 'complex numbers have no type in the graph; keep real and imaginary parts as two tensors';
const DYNAMIC = 'the shape of its result depends on the data; shapes of a graph are static';
const RAGGED = 'lengths of ragged tensors depend on the data; shapes of a graph are static';
const STRINGS = 'a graph holds float32, int32 and bool, but no strings';

/** Reasons by the name of the kernel. */
const REASONS: Readonly<Record<string, string>> = {
  Complex: COMPLEX,
  ComplexAbs: COMPLEX,
  FFT: COMPLEX,
  IFFT: COMPLEX,
  Imag: COMPLEX,
  Real: COMPLEX,
  Draw: 'it draws on a canvas; return the image and draw it outside',
  Multinomial: 'random numbers would be drawn once and stay the same in every run; make them an input',
  NonMaxSuppressionV3: DYNAMIC,
  NonMaxSuppressionV4: DYNAMIC,
  NonMaxSuppressionV5: DYNAMIC,
  RaggedGather: RAGGED,
  RaggedRange: RAGGED,
  RaggedTensorToTensor: RAGGED,
  SparseFillEmptyRows: DYNAMIC,
  SparseReshape: 'it computes with shapes, which are static in a graph; reshape the dense tensor',
  SparseSegmentMean: DYNAMIC,
  SparseSegmentSum: DYNAMIC,
  StaticRegexReplace: STRINGS,
  StringNGrams: STRINGS,
  StringSplit: STRINGS,
  StringToHashBucketFast: STRINGS,
  Unique: DYNAMIC,
};

/** Names of the kernels with a reason, sorted. */
export function listUnsupportedKernels(): readonly string[] {
  return Object.keys(REASONS).sort();
}

/** Why a kernel cannot be recorded; undefined where no reason is known, be it that it can. */
export function explainUnsupported(kernelName: string): string | undefined {
  return Object.hasOwn(REASONS, kernelName) ? REASONS[kernelName] : undefined;
}

/** What is recorded of such a kernel: nothing. */
export function refuse(kernelName: string): Lowering {
  return () => {
    throw new UnsupportedError(`${kernelName}: cannot be recorded, because ${explainUnsupported(kernelName)}`);
  };
}

// Tensors as weight files hold them, whatever their element type.

/** Element types of the arrays; half-precision values are widened to float32 when they are read. */
export interface StoredArrays {
  float64: Float64Array;
  float32: Float32Array;
  float16: Float32Array;
  bfloat16: Float32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** Element type in the file. */
export type StoredDtype = keyof StoredArrays;

/** One tensor of a weight file, in C order. */
export interface StoredTensor {
  /** What the file holds; `data` is the typed array that holds its values exactly. */
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly data: StoredArrays[StoredDtype];
}

/** Widens bfloat16 bit patterns, the upper halves of float32. */
export function widenBfloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return values;
}

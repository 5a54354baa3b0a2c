// Filters between PyTorch's order of axes, `[out, in, height, width]`, and TensorFlow's, `[height, width, in, out]`.

/** TensorFlow's shape of a filter of PyTorch's `shape`. */
export function toTensorflowShape(shape: readonly number[]): number[] {
  const [out, inner, height, width] = shape as [number, number, number, number];
  return [height, width, inner, out];
}

/** PyTorch's shape of a filter of TensorFlow's `shape`. */
export function toPytorchShape(shape: readonly number[]): number[] {
  const [height, width, inner, out] = shape as [number, number, number, number];
  return [out, inner, height, width];
}

/** Elements of a filter of PyTorch's `shape` in TensorFlow's order, bit by bit. */
export function toTensorflowOrder(data: Float32Array, shape: readonly number[]): Float32Array {
  const [out, inner, height, width] = shape as [number, number, number, number];
  return reverseAxes(data, [out, inner, height * width]);
}

/** Elements of a filter of TensorFlow's `shape` in PyTorch's order, bit by bit. */
export function toPytorchOrder(data: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, inner, out] = shape as [number, number, number, number];
  return reverseAxes(data, [height * width, inner, out]);
}

/** `[a, b, c]` as `[c, b, a]`; by integers, because a float on its way may lose bits of a NaN. */
function reverseAxes(data: Float32Array, [first, middle, last]: readonly [number, number, number]): Float32Array {
  const source = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const target = new Uint32Array(data.length);
  for (let a = 0, from = 0; a < first; a++) {
    for (let b = 0; b < middle; b++) {
      for (let c = 0; c < last; c++) target[(c * middle + b) * first + a] = source[from++]!;
    }
  }
  return new Float32Array(target.buffer);
}

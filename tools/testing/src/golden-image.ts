// The image that the reference results of the network were computed with.

/** `[1, 3, side, side]`: 0.5 + 0.5·sin(0.05x + 0.07y + c). */
export function goldenImage(side: number): Float32Array {
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [x, y, c] = [i % side, Math.floor(i / side) % side, Math.floor(i / (side * side))];
    return 0.5 + 0.5 * Math.sin(0.05 * x + 0.07 * y + c);
  });
}

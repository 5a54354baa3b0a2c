import type { Program } from '@hovernet/ops';
import { add, mul, relu } from '@tensorflow/tfjs';

/** relu(3·(a + 1)) of eight numbers. */
export const scaledProgram: Program = {
  name: 'scaled',
  inputs: [{ name: 'a', shape: [8], dtype: 'float32' }],
  run: ({ a }) => ({ y: relu(mul(add(a!, 1), 3)) }),
};

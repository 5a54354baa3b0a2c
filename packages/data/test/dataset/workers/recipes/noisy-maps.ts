// Samples of maps with random additions; sample i takes a time that has nothing to do with i's order.
import { threadId } from 'node:worker_threads';
import { ArgumentError, createLabelMap, createTypeMap, FileError, type Random } from '@hovernet/core';
import type { SampleRecipe } from '../../../../src/index.js';

export interface NoisyMaps {
  readonly length: number;
  /** Sample that cannot be loaded, and one that cannot be transformed. @default none */
  readonly missing?: number;
  readonly refused?: number;
}

export function createRecipe({ length, missing = -1, refused = -1 }: NoisyMaps) {
  let loads = 0;
  const recipe: SampleRecipe<object, object> = {
    dataset: {
      length,
      name: (index) => `map ${index}`,
      load: async (index) => {
        loads++;
        await new Promise((resolve) => setTimeout(resolve, (index * 7) % 3));
        if (index === missing) {
          throw new FileError(`map-${index}.npy`, 'no such file', { missing: true, cause: new TypeError('gone') });
        }
        const map = createLabelMap(4, 5, new Int32Array(20).fill(index));
        return { map, types: createTypeMap(2, 2), bytes: Uint8Array.of(index, 1) };
      },
    },
    transform: (input, random: Random) => {
      const { map, bytes } = input as { map: ReturnType<typeof createLabelMap>; bytes: Uint8Array };
      const index = map.get(0, 0);
      if (index === refused) throw new ArgumentError(`sample ${index}: expected another`);
      const noise = Float64Array.from({ length: 6 }, () => random.normal());
      const shared = bytes.buffer instanceof SharedArrayBuffer;
      return { index, map: map.pick(0, null), bytes, noise, thread: threadId, loads, shared };
    },
  };
  return recipe;
}

// Ends its thread in the way that it is told, when sample 3 is loaded.
import type { SampleRecipe } from '../../../../src/index.js';

export function createRecipe(how: 'exits' | 'throws') {
  const recipe: SampleRecipe<object, object> = {
    dataset: {
      length: 8,
      name: String,
      load: (index) => {
        if (index === 3) die(how);
        return index === 3 ? new Promise(() => {}) : Promise.resolve({ index });
      },
    },
    transform: (input) => input,
  };
  return recipe;
}

function die(how: 'exits' | 'throws'): void {
  if (how === 'exits') process.exit(7);
  if (how === 'throws')
    setTimeout(() => {
      throw new RangeError('out of nowhere');
    });
}

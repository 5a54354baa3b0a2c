// Cannot open its data set.
import { FileError } from '@hovernet/core';

export function createRecipe(path: string): never {
  throw new FileError(path, 'no such folder', { missing: true });
}

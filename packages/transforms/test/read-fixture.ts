import { readFileSync } from 'node:fs';
import { readNpy, referencePath, type NumpyData } from '@hovernet/testing';

/** Elements of a .npy file of the reference data. The copy matters: a Buffer may be a view of a larger one. */
export function readFixture(path: string): NumpyData {
  return readNpy(Uint8Array.from(readFileSync(referencePath(path)))).data;
}

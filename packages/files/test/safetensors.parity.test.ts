import { readFileSync } from 'node:fs';
import { hasReference, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../src/node.js';

const folder = 'data/formats/safetensors';
/** Every file holds −3…2 in its type, wrapped where that is unsigned. */
const values: Record<string, readonly number[]> = {
  B: [253, 254, 255, 0, 1, 2],
  H: [65533, 65534, 65535, 0, 1, 2],
  I: [4294967293, 4294967294, 4294967295, 0, 1, 2],
};
const signed = [-3, -2, -1, 0, 1, 2];

describe.skipIf(!hasReference(folder))('decodeSafetensors against files of the reference implementation', () => {
  it.each(['B', 'H', 'I', 'b', 'd', 'e', 'f', 'h', 'i'])('reads the type %s alone', (type) => {
    const path = referencePath(`${folder}/${type}.safetensors`);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path), path);
    expect(metadata).toEqual({ test: 'a' });
    expect(Array.from(tensors.get(type)!.data as Float32Array)).toEqual(values[type] ?? signed);
  });

  it('reads all types in one file', () => {
    const path = referencePath(`${folder}/overall.safetensors`);
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    expect([...tensors.keys()].sort()).toEqual(['B', 'H', 'I', 'b', 'd', 'e', 'f', 'h', 'i']);
    for (const [type, { data }] of tensors) {
      expect(Array.from(data as Float32Array), type).toEqual(values[type] ?? signed);
    }
  });
});

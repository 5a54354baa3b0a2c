import { readFileSync } from 'node:fs';
import { hasReference, readReferenceJson, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { decodeTorchFile, isTorchFile, listTorchTensors, type StoredTensor, type TorchValue } from '../../src/node.js';

const golden = 'golden/checkpoint';
const formats = 'data/formats/torch';

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | boolean | string)[];
}

interface Expected {
  readonly tensors: Record<string, ExpectedTensor>;
  readonly order: readonly string[];
  readonly shared_storage: readonly (readonly string[])[];
  readonly state_with_metadata: Record<string, ExpectedTensor>;
  readonly adam: {
    readonly param_groups: readonly Record<string, unknown>[];
    readonly state_keys: Record<string, Record<string, ExpectedTensor>>;
  };
}

function read(path: string): TorchValue {
  return decodeTorchFile(readFileSync(referencePath(path)), path);
}

function readMap(path: string): Map<string, TorchValue> {
  return read(path) as Map<string, TorchValue>;
}

/** Values as JSON has them: numbers, booleans, and text for large integers. */
function toExpected({ dtype, shape, data }: StoredTensor): ExpectedTensor {
  const values = Array.from(data as ArrayLike<number | bigint>, (value) => {
    if (dtype === 'bool') return value === 1;
    return typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) ? `${value}` : Number(value);
  });
  return { dtype, shape, values };
}

function expectTensors(found: ReadonlyMap<string, StoredTensor>, expected: Record<string, ExpectedTensor>): void {
  for (const [name, { dtype, shape, values }] of Object.entries(expected)) {
    expect(toExpected(found.get(name)!), name).toEqual({ dtype, shape, values });
  }
}

function withPrefix(tensors: Record<string, ExpectedTensor>, prefix: string): Record<string, ExpectedTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

describe.skipIf(!hasReference(golden))('decodeTorchFile against files of PyTorch', () => {
  const expected = hasReference(golden) ? readReferenceJson<Expected>(`${golden}/expected.json`) : ({} as Expected);

  it.each(['plain.pt', 'legacy_plain.pt'])('reads every type, order and value of %s', (name) => {
    const tensors = listTorchTensors(read(`${golden}/${name}`));
    expect([...tensors.keys()]).toEqual(expected.order);
    expectTensors(tensors, expected.tensors);
    expect(Object.is((tensors.get('special')!.data as Float32Array)[3], -0)).toBe(true);
  });

  it('keeps shared what shares a storage in the file', () => {
    const tensors = listTorchTensors(read(`${golden}/plain.pt`));
    const views = expected.shared_storage[0]!.filter((name) => name.startsWith('shared'));
    expect(views.length).toBeGreaterThan(1);
    expect(new Set(views.map((name) => tensors.get(name)!.data.buffer)).size).toBe(1);
  });

  it('reads what lies beside the state dict', () => {
    const file = readMap(`${golden}/model.pt`);
    expectTensors(listTorchTensors(file), withPrefix(expected.tensors, 'model/'));
    file.delete('model');
    expect(Object.fromEntries(file)).toEqual({
      epoch: 7,
      lr: 1e-4,
      name: 'hovernet-µ',
      none: null,
      list: [1, 2.5, true],
      tuple: [1, -2, 2 ** 40],
    });
  });

  it('reads the files of the original repository in both layouts', () => {
    expectTensors(listTorchTensors(read(`${golden}/desc.tar`)), withPrefix(expected.tensors, 'desc/module.'));
    const names = ['conv0.conv.weight', 'half', 'int64', 'shared_a', 'shared_b'];
    const some = Object.fromEntries(names.map((name) => [name, expected.tensors[name]!]));
    const legacy = listTorchTensors(read(`${golden}/legacy_desc.tar`));
    expect([...legacy.keys()]).toEqual(names.map((name) => `desc/${name}`));
    expectTensors(legacy, withPrefix(some, 'desc/'));
  });

  it('reads a state dict with _metadata as the tensors alone', () => {
    const tensors = listTorchTensors(read(`${golden}/state_with_metadata.pt`));
    expect([...tensors.keys()]).toEqual(Object.keys(expected.state_with_metadata));
    expectTensors(tensors, expected.state_with_metadata);
  });

  it('reads the state of an optimiser', () => {
    const file = readMap(`${golden}/adam.pt`);
    for (const [index, state] of Object.entries(expected.adam.state_keys)) {
      expectTensors(listTorchTensors(file), withPrefix(state, `state/${index}/`));
    }
    const groups = file.get('param_groups') as readonly Map<string, TorchValue>[];
    expect(groups.map((group) => Object.fromEntries(group))).toEqual(expected.adam.param_groups);
  });

  it.each([
    ['truncated.pt', true, /truncated\.pt: not a zip archive, or truncated/],
    ['notazip.pt', false, /notazip\.pt: not a PyTorch file/],
  ])('refuses %s', (name, isRecognised, message) => {
    expect(isTorchFile(readFileSync(referencePath(`${golden}/${name}`)))).toBe(isRecognised);
    expect(() => read(`${golden}/${name}`)).toThrow(message);
  });
});

describe.skipIf(!hasReference(formats))('decodeTorchFile against files of other PyTorch versions', () => {
  const float32 = (shape: readonly number[], values: readonly number[]) => {
    return { dtype: 'float32', shape, values: values.map(Math.fround) };
  };
  const int64 = (shape: readonly number[], values: readonly number[]) => ({ dtype: 'int64', shape, values });
  const range = (count: number, start: number, step: number) =>
    Array.from({ length: count }, (_, i) => start + i * step);
  /** A [2, 3, 4] array of 5, 6, … with its last two axes exchanged. */
  const permuted = [0, 12].flatMap((i) => [0, 1, 2, 3].flatMap((k) => [0, 4, 8].map((j) => 5 + i + j + k)));
  const files: [string, Record<string, ExpectedTensor>][] = [
    ['bfloat16.pt', { tensor: { dtype: 'bfloat16', shape: [3], values: [1.5, -2.5, 3.5] } }],
    ['boolean.pt', { bool: { dtype: 'bool', shape: [2, 2], values: [true, false, false, true] } }],
    ['fortran_tensor_3d.pth', { tensor_fortran: int64([2, 3, 4], range(24, 1, 1)) }],
    [
      'legacy_with_offsets.pt',
      {
        tensor1: float32([10], [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.0699999332427979, 1.08, 1.09]),
        tensor2: float32([5], range(5, 2, 0.1)),
        tensor3: float32([5], range(5, 3, 0.1)),
      },
    ],
    ['non_contiguous.pt', { permuted: float32([2, 4, 3], permuted), expanded: float32([2, 3], [1, 2, 3, 1, 2, 3]) }],
    [
      'simple_legacy.pt',
      {
        weight: float32(
          [2, 3],
          [
            0.20956841111183167, -1.5289322137832642, 0.24506206810474396, 0.5222381353378296, -0.7155821919441223,
            0.07692064344882965,
          ],
        ),
        bias: float32([2], [1, 1]),
        running_mean: float32([2], [0, 0]),
      },
    ],
    ['test.pt', { test: int64([2, 4], range(8, 1, 1)) }],
    ['test_with_key.pt', { 'model_state_dict/test': int64([2, 4], range(8, 1, 1)) }],
  ];

  it.each(files)('reads %s', (name, tensors) => {
    const found = listTorchTensors(read(`${formats}/${name}`));
    expect([...found.keys()]).toEqual(Object.keys(tensors));
    expectTensors(found, tensors);
  });
});

import { expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../src/node.js';
import { toRuntimeOptions } from '../../src/session/runtime-options.js';

const providersOf = (name: (typeof PROVIDER_NAMES)[number]) =>
  toRuntimeOptions(name, { threads: 1, deviceId: 3 }).executionProviders;

it('the GPU is named to the providers that can be given one, and to no other', () => {
  expect(Object.fromEntries(PROVIDER_NAMES.map((name) => [name, providersOf(name)]))).toEqual({
    cpu: ['cpu'],
    webgpu: ['webgpu'],
    cuda: [{ name: 'cuda', deviceId: 3 }],
    tensorrt: [
      { name: 'tensorrt', deviceId: 3 },
      { name: 'cuda', deviceId: 3 },
    ],
    dml: [{ name: 'dml', deviceId: 3 }],
    coreml: ['coreml'],
  });
});

import { describe, expect, it } from 'vitest';
import { importOptional } from '../../src/backends/backend-loader.js';

const name = '@tensorflow/tfjs-backend-wasm';
const load = (message: string) =>
  importOptional('wasm', { name, version: '1.2.3', import: () => Promise.reject(new Error(message)) });

describe('importOptional', () => {
  it.each([
    ['Node', `Cannot find package '${name}' imported from /app/node_modules/@hovernet/ops/dist/web-loaders.js`],
    ['require', `Cannot find module '${name}'\nRequire stack:\n- /app/index.js`],
    ['Vite', `Could not resolve "${name}" imported by "@hovernet/ops". Is it installed?`],
    ['Chrome', `Failed to resolve module specifier '${name}'`],
    ['Firefox', `The specifier “${name}” was a bare specifier, but was not remapped to anything.`],
    ['Safari', `Module name, '${name}' does not resolve to a valid URL.`],
  ])('knows a missing package in the words of %s', async (_, message) => {
    await expect(load(message)).rejects.toMatchObject({
      problem: 'missing',
      message: `TensorFlow.js backend wasm: expected the package ${name}, got none; npm i ${name}@1.2.3`,
    });
  });

  it.each([
    [`Cannot find package 'left-pad' imported from /app/node_modules/${name}/dist/index.js`],
    [`Cannot find module '${name}-helper'`],
    ['libfoo.so: cannot open shared object file'],
  ])('tells from it a package that does not load: %s', async (message) => {
    await expect(load(message)).rejects.toMatchObject({
      problem: 'failed',
      message: `TensorFlow.js backend wasm: expected the package ${name} to load, got: ${message}`,
    });
  });
});

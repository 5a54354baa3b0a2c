// What a pickle may ask for is a list; whoever asks for more gets an error with the name of it, and nothing runs.
import { FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeTorchFile } from '../../src/node.js';
import { global, legacyFile, pickle, text, toBytes, tuple, zipFile } from './support/write-files.js';

/** The usual ways of making `pickle.load` run something, and what JavaScript might run. */
const dangerous = [
  ['os', 'system'],
  ['posix', 'system'],
  ['nt', 'system'],
  ['subprocess', 'Popen'],
  ['subprocess', 'check_output'],
  ['builtins', 'eval'],
  ['builtins', 'exec'],
  ['builtins', 'getattr'],
  ['builtins', '__import__'],
  ['builtins', 'open'],
  ['__builtin__', 'eval'],
  ['importlib', 'import_module'],
  ['runpy', 'run_path'],
  ['webbrowser', 'open'],
  ['pickle', 'loads'],
  ['torch', 'load'],
  ['torch.hub', 'load'],
  ['torch.jit', 'load'],
  ['torch._utils', '__dict__'],
  ['torch.storage', '_load_from_bytes'],
  ['torch.nn.modules.conv', 'Conv2d'],
  ['monai.networks.nets.hovernet', 'HoVerNet'],
  ['_codecs', 'encode'],
  ['copyreg', '_reconstructor'],
  ['globalThis', 'eval'],
  ['constructor', 'constructor'],
  ['', '__proto__'],
  ['torch', 'FloatStorage.__init__'],
] as const;

/** What tensors can be that has no place here. */
const unsupported = [
  ['torch', 'ComplexFloatStorage', 'complex tensors are not supported'],
  ['torch', 'ComplexDoubleStorage', 'complex tensors are not supported'],
  ['torch', 'complex64', 'complex tensors are not supported'],
  ['torch', 'QInt8Storage', 'quantised tensors are not supported'],
  ['torch', 'QUInt8Storage', 'quantised tensors are not supported'],
  ['torch', 'QUInt4x2Storage', 'quantised tensors are not supported'],
  ['torch._utils', '_rebuild_qtensor', 'quantised tensors are not supported'],
  ['torch', 'float8_e4m3fn', 'tensors of this type are not supported'],
  ['torch._utils', '_rebuild_sparse_tensor', 'sparse tensors are not supported'],
  ['torch._utils', '_rebuild_nested_tensor', 'tensors of this kind are not supported'],
  ['torch._tensor', '_rebuild_from_type_v2', 'tensors of this kind are not supported'],
  ['numpy.core.multiarray', 'scalar', 'NumPy arrays and scalars are not supported'],
  ['numpy._core.multiarray', '_reconstruct', 'NumPy arrays and scalars are not supported'],
  ['numpy', 'dtype', 'NumPy arrays and scalars are not supported'],
] as const;

describe.each(dangerous)('a file that asks for %s.%s', (module, name) => {
  const called = pickle(global(module, name), tuple(text('echo owned')), 'R');
  const onStack = toBytes(0x80, 4, text(module), text(name), 0x93, text('echo owned'), 0x85, 'R.');

  it.each([
    ['zip', zipFile(called)],
    ['zip, protocol 4', zipFile(onStack)],
    ['legacy', legacyFile(called)],
    ['zip, not even called', zipFile(pickle('}', text('weight'), global(module, name), 's'))],
  ])('is refused by name (%s)', (_, file) => {
    expect(() => decodeTorchFile(file, 'x.pt')).toThrow(FileError);
    expect(() => decodeTorchFile(file, 'x.pt')).toThrow(`x.pt: asks for ${JSON.stringify(`${module}.${name}`)}, which`);
  });
});

it.each(unsupported)('%s.%s is refused as what it is', (module, name, message) => {
  const file = zipFile(pickle(global(module, name)));
  expect(() => decodeTorchFile(file, 'x.pt')).toThrow(UnsupportedError);
  expect(() => decodeTorchFile(file, 'x.pt')).toThrow(`x.pt: ${message} (${module}.${name})`);
});

it('objects of classes have no operation: not even those of allowed names can be made', () => {
  const make = pickle(global('collections', 'OrderedDict'), ')', 0x81);
  expect(() => decodeTorchFile(zipFile(make), 'x.pt')).toThrow(/operation 0x81/);
});

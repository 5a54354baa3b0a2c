import { FileError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { readModelHeader } from '../../src/model/read-model-header.js';
import { createScaleModel } from './scale-model.js';

describe('readModelHeader', () => {
  it('finds inputs, outputs and metadata, with names for free axes', () => {
    const port = { type: 'float32', shape: ['batch', 2, 'height', 'width'] };
    expect(readModelHeader(createScaleModel({ 'hovernet.mpp': '0.25', café: 'ü' }))).toEqual({
      inputs: [{ name: 'x', ...port }],
      outputs: [{ name: 'y', ...port }],
      metadata: { 'hovernet.mpp': '0.25', café: 'ü' },
    });
  });

  it.each([
    ['no bytes', new Uint8Array()],
    ['other bytes', new TextEncoder().encode('{"format": "safetensors"}')],
    ['half of a model', createScaleModel().subarray(0, 60)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readModelHeader(bytes, 'a.onnx')).toThrow(FileError);
    expect(() => readModelHeader(bytes, 'a.onnx')).toThrow(/^a\.onnx: expected an ONNX model, got/);
  });
});

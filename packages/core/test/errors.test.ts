import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import {
  ArgumentError,
  ConfigError,
  FileError,
  HovernetError,
  ShapeError,
  UnsupportedError,
  WeightsError,
} from '../src/index.js';

const cause = new RangeError('below');

describe('errors', () => {
  it.each([
    ['ArgumentError', 'INVALID_ARGUMENT', new ArgumentError('f: expected 1, got 2', { cause })],
    ['FileError', 'INVALID_FILE', new FileError('a.png', 'truncated', { cause })],
    ['FileError', 'MISSING_FILE', new FileError('a.png', 'not found', { missing: true, cause })],
    ['ConfigError', 'INVALID_CONFIG', new ConfigError('train#lr', 'expected a number', { cause })],
    ['WeightsError', 'INVALID_WEIGHTS', new WeightsError('expected conv0, got nothing', { cause })],
    ['UnsupportedError', 'UNSUPPORTED', new UnsupportedError('no WebGPU here', { cause })],
    ['HovernetError', 'INTERRUPTED', new HovernetError('INTERRUPTED', 'interrupted', { cause })],
  ])('%s has the code %s, its name and its cause', (name, code, error) => {
    expect(error).toBeInstanceOf(HovernetError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.code).toBe(code);
    expect(error.cause).toBe(cause);
  });

  it('tells a subclass from its siblings', () => {
    const error = new ArgumentError('wrong');
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error).not.toBeInstanceOf(ShapeError);
  });

  it('names a subclass made elsewhere', () => {
    class TraceError extends HovernetError {}
    expect(new TraceError('TRACE_FAILED', 'no').name).toBe('TraceError');
  });

  it('begins the stack with the name of the class and the message', () => {
    expect(new WeightsError('no conv0').stack).toMatch(/^WeightsError: no conv0\n/);
  });

  it('has no cause where none is given', () => {
    for (const error of [new FileError('a.png', 'truncated'), new ArgumentError('wrong', { cause: undefined })]) {
      expect('cause' in error).toBe(false);
      expect(inspect(error)).not.toContain('cause');
    }
  });
});

describe('ShapeError', () => {
  it('says operation, expected, got and the remedy, and keeps both as fields', () => {
    const error = new ShapeError('segmentNuclei: hv', '[2, 4, 4]', '[4, 4, 2]', 'use toChannelFirst');
    expect(error.message).toBe('segmentNuclei: hv: expected [2, 4, 4], got [4, 4, 2]; use toChannelFirst');
    expect(error).toMatchObject({ code: 'INVALID_SHAPE', expected: '[2, 4, 4]', actual: '[4, 4, 2]' });
  });

  it('ends after what it got where there is no remedy', () => {
    expect(new ShapeError('f', 'a', 'b').message).toBe('f: expected a, got b');
  });
});

describe('FileError and ConfigError', () => {
  it('name the file', () => {
    const error = new FileError('tiles/a.png', 'expected a PNG file, got 0 bytes');
    expect(error.message).toBe('tiles/a.png: expected a PNG file, got 0 bytes');
    expect(error.path).toBe('tiles/a.png');
  });

  it('name the value of the configuration', () => {
    const error = new ConfigError('optimizer#lr', 'expected a number, got "fast"');
    expect(error.message).toBe('configuration optimizer#lr: expected a number, got "fast"');
    expect(error.id).toBe('optimizer#lr');
  });
});

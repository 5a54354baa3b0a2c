import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  assertLabelMap,
  assertRawMaps,
  assertRgbImage,
  assertSameSize,
  createHoverMaps,
  createLabelMap,
  createPlanes,
  createRgbImage,
  createTypeMap,
  elementTypeName,
  ShapeError,
  type RawMaps,
} from '../src/index.js';

/** Runs `check` and returns what its error says. */
function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    return (error as ShapeError).message;
  }
  return 'no error';
}

describe('elementTypeName', () => {
  it.each([
    [new Uint8Array(1), 'uint8'],
    [new Uint8ClampedArray(1), 'uint8clamped'],
    [new Int32Array(1), 'int32'],
    [new Float32Array(1), 'float32'],
    [new Float64Array(1), 'float64'],
    [[1], 'number'],
  ])('names the elements of %o', (data, name) => {
    expect(elementTypeName(data)).toBe(name);
  });
});

describe('assertRgbImage', () => {
  it('accepts images, empty ones and views too', () => {
    expect(messageOf(() => assertRgbImage('f', createRgbImage(2, 3)))).toBe('no error');
    expect(messageOf(() => assertRgbImage('f', createRgbImage(0, 3)))).toBe('no error');
    expect(messageOf(() => assertRgbImage('f', createRgbImage(2, 3).step(-1, 2)))).toBe('no error');
  });

  it.each([
    ['channels first', createRgbImage(2, 4).transpose(2, 0, 1), '[3, 2, 4] of uint8'],
    ['four channels', ndarray(new Uint8Array(16), [2, 2, 4]), '[2, 2, 4] of uint8'],
    ['grey', createTypeMap(2, 3), '[2, 3] of uint8'],
    ['floats', ndarray(new Float32Array(12), [2, 2, 3]), '[2, 2, 3] of float32'],
  ])('refuses %s', (_name, image, got) => {
    expect(messageOf(() => assertRgbImage('scaleIntensity: image', image))).toBe(
      `scaleIntensity: image: expected an RGB image [height, width, 3] of uint8, got ${got}`,
    );
  });
});

describe('assertLabelMap', () => {
  it('accepts label maps', () => {
    expect(messageOf(() => assertLabelMap('f', createLabelMap(2, 3)))).toBe('no error');
  });

  it.each([
    ['bytes', createTypeMap(2, 3), '[2, 3] of uint8'],
    ['a stack of maps', ndarray(new Int32Array(6), [1, 2, 3]), '[1, 2, 3] of int32'],
  ])('refuses %s', (_name, map, got) => {
    expect(messageOf(() => assertLabelMap('scoreInstances: truth', map))).toBe(
      `scoreInstances: truth: expected a label map [height, width] of int32, got ${got}`,
    );
  });
});

describe('assertSameSize', () => {
  it('compares height and width alone', () => {
    expect(messageOf(() => assertSameSize('f', createLabelMap(2, 3), createRgbImage(2, 3)))).toBe('no error');
  });

  it.each([
    ['height', createTypeMap(3, 3), '[3, 3] of uint8'],
    ['width', createTypeMap(2, 2), '[2, 2] of uint8'],
    ['order of the axes', createTypeMap(3, 2), '[3, 2] of uint8'],
  ])('refuses another %s', (_name, second, got) => {
    expect(messageOf(() => assertSameSize('mapTypes', createLabelMap(2, 3), second))).toBe(
      `mapTypes: expected height × width 2 × 3, got ${got}`,
    );
  });
});

describe('assertRawMaps', () => {
  const maps: RawMaps = { np: createPlanes(2, 4, 5), hv: createHoverMaps(4, 5), nc: createPlanes(3, 4, 5) };
  const check = (changed: Partial<RawMaps>) => messageOf(() => assertRawMaps('segmentNuclei', { ...maps, ...changed }));

  it('accepts maps with classes and without, and empty ones', () => {
    expect(check({})).toBe('no error');
    expect(check({ nc: undefined })).toBe('no error');
    expect(check({ np: createPlanes(2, 0, 5), hv: createHoverMaps(0, 5), nc: createPlanes(2, 0, 5) })).toBe('no error');
  });

  it.each<[string, Partial<RawMaps>, string]>([
    ['np', { np: createPlanes(1, 4, 5) }, 'np: expected [2, 4, 5] of float32, got [1, 4, 5] of float32'],
    [
      'np',
      { np: ndarray(new Float32Array(8), [2, 4]) },
      'np: expected [2, 4, width] of float32, got [2, 4] of float32',
    ],
    ['np', { np: ndarray(new Float32Array(8), [8]) }, 'np: expected [2, height, width] of float32, got [8] of float32'],
    ['hv', { hv: createHoverMaps(5, 4) }, 'hv: expected [2, 4, 5] of float32, got [2, 5, 4] of float32'],
    ['hv', { hv: createPlanes(3, 4, 5) }, 'hv: expected [2, 4, 5] of float32, got [3, 4, 5] of float32'],
    ['nc', { nc: createPlanes(1, 4, 5) }, 'nc: expected [classes ≥ 2, 4, 5] of float32, got [1, 4, 5] of float32'],
    ['nc', { nc: createPlanes(3, 4, 6) }, 'nc: expected [classes ≥ 2, 4, 5] of float32, got [3, 4, 6] of float32'],
  ])('names %s where it does not fit: %o', (_name, changed, message) => {
    expect(check(changed)).toBe(`segmentNuclei: ${message}`);
  });

  it('refuses other element types', () => {
    const np = ndarray(new Int32Array(40), [2, 4, 5]) as unknown as RawMaps['np'];
    expect(check({ np })).toBe('segmentNuclei: np: expected [2, 4, 5] of float32, got [2, 4, 5] of int32');
  });
});

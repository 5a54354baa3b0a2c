import { ShapeError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { outputSize, resolveConfig } from '../src/index.js';

const fast = resolveConfig();
const original = resolveConfig({ mode: 'original' });

describe('outputSize', () => {
  it('gives the sizes of the paper', () => {
    expect(outputSize(fast, 256)).toBe(164);
    expect(outputSize(original, 270)).toBe(80);
  });

  it('loses the same margin at every size that fits', () => {
    for (let size = 96; size <= 1024; size += 8) expect(outputSize(fast, size)).toBe(size - 92);
    for (let size = 198; size <= 1022; size += 8) expect(outputSize(original, size)).toBe(size - 190);
  });

  it('keeps the size with a padded decoder', () => {
    expect(outputSize(resolveConfig({ decoderPadding: true }), 256)).toBe(256);
  });

  it('gives the resolution of the image back where the stem halves it', () => {
    expect(outputSize(resolveConfig({ preset: 'lite' }), 256)).toBe(256);
    expect(() => outputSize(resolveConfig({ preset: 'lite' }), 264)).toThrow(/nearest that fit: 256 and 272 px/);
    expect(outputSize(resolveConfig({ stemStride: 2 }), 256)).toBe(72);
  });

  it('names the nearest sizes that fit', () => {
    expect(() => outputSize(fast, 250)).toThrow(ShapeError);
    expect(() => outputSize(fast, 250)).toThrow(/got 250 px; nearest that fit: 248 and 256 px/);
    expect(() => outputSize(original, 256)).toThrow(/254 and 262 px/);
  });

  it('names the smallest size for images that are too small', () => {
    expect(() => outputSize(fast, 88)).toThrow(/nearest that fit: 96 px/);
    expect(() => outputSize(original, 0)).toThrow(/nearest that fit: 198 px/);
  });

  it('refuses what is no size', () => {
    expect(() => outputSize(fast, 256.5)).toThrow(/256 and 264 px/);
    expect(() => outputSize(fast, Number.NaN)).toThrow(ShapeError);
    expect(() => outputSize(fast, -8)).toThrow(/96 px/);
  });
});

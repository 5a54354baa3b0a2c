import { WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, describeConfig, encodeSafetensors, parseConfig, resolveConfig } from '../src/index.js';
import { createNoiseState, smallConfig } from './support/noise-state.js';

const classes = [
  { id: 1, name: 'inflammatory', color: [255, 0, 0] },
  { id: 2, name: 'épithélial', color: [0, 128, 255] },
] as const;

describe('describeConfig and parseConfig', () => {
  it('let a checkpoint describe itself', () => {
    const file = encodeSafetensors(createNoiseState(smallConfig), describeConfig(smallConfig, classes));
    const { metadata } = decodeSafetensors(file, 'memory');
    expect(metadata['format']).toBe('pt');
    expect(parseConfig(metadata, 'memory')).toEqual({ config: smallConfig, classes });
  });

  it('do without classes', () => {
    expect(parseConfig(describeConfig(resolveConfig()), 'memory').classes).toEqual([]);
  });

  it.each([
    ['no configuration', {}, /run\.safetensors: no hovernet\.config/],
    ['text that is not JSON', { 'hovernet.config': '{' }, /does not describe a network/],
    ['an impossible configuration', { 'hovernet.config': '{"outClasses":1}' }, /outClasses/],
    ['a configuration that is no object', { 'hovernet.config': 'null' }, /does not describe a network/],
    ['classes that are none', { 'hovernet.config': '{}', 'hovernet.classes': '[{"id":1}]' }, /list of classes/],
  ])('refuse %s', (_, metadata, message) => {
    expect(() => parseConfig(metadata as Record<string, string>, 'run.safetensors')).toThrow(WeightsError);
    expect(() => parseConfig(metadata as Record<string, string>, 'run.safetensors')).toThrow(message);
  });
});

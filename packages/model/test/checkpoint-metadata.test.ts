import { WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '@hovernet/files';
import { resolveConfig } from '../src/index.js';
import { describeConfig, parseConfig } from '../src/internal.js';
import { createNoiseState, smallConfig } from './support/noise-state.js';

const classes = [
  { id: 1, name: 'inflammatory', color: [255, 0, 0] },
  { id: 2, name: 'épithélial', color: [0, 128, 255] },
] as const;

describe('describeConfig and parseConfig', () => {
  it('let a checkpoint describe itself', () => {
    const file = encodeSafetensors(createNoiseState(smallConfig), describeConfig({ config: smallConfig, classes }));
    const { metadata } = decodeSafetensors(file, 'memory');
    expect(metadata['format']).toBe('pt');
    expect(parseConfig(metadata, 'memory')).toEqual({ config: smallConfig, classes });
  });

  it('do without classes', () => {
    expect(parseConfig(describeConfig({ config: resolveConfig() }), 'memory').classes).toEqual([]);
  });

  it('carry resolution, licence and provenance where they are given', () => {
    const details = { mpp: 0.25, license: 'CC-BY-4.0', training: { seed: 3, taxonomy: 'nucls', val_mean_dice: null } };
    const metadata = describeConfig({ config: smallConfig, classes, ...details });
    expect(Object.values(metadata).every((text) => typeof text === 'string')).toBe(true);
    expect(parseConfig(metadata, 'memory')).toEqual({ config: smallConfig, classes, ...details });
    expect(Object.keys(parseConfig(describeConfig({ config: smallConfig }), 'memory'))).toEqual(['config', 'classes']);
  });

  it.each([
    ['no configuration', {}, /run\.safetensors: no hovernet\.config/],
    ['text that is not JSON', { 'hovernet.config': '{' }, /does not describe a network/],
    ['an impossible configuration', { 'hovernet.config': '{"outClasses":1}' }, /outClasses/],
    ['a configuration that is no object', { 'hovernet.config': 'null' }, /does not describe a network/],
    ['classes that are none', { 'hovernet.config': '{}', 'hovernet.classes': '[{"id":1}]' }, /list of classes/],
    ['classes that are not JSON', { 'hovernet.config': '{}', 'hovernet.classes': '[' }, /list of classes/],
    ['a resolution of 0', { 'hovernet.config': '{}', 'hovernet.mpp': '0' }, /hovernet\.mpp .*not a positive number/],
    ['a nested provenance', { 'hovernet.config': '{}', 'hovernet.training': '{"a":{}}' }, /object of plain values/],
  ])('refuse %s', (_, metadata, message) => {
    expect(() => parseConfig(metadata as Record<string, string>, 'run.safetensors')).toThrow(WeightsError);
    expect(() => parseConfig(metadata as Record<string, string>, 'run.safetensors')).toThrow(message);
  });
});

import { createRandom } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { drawDropoutScales, listDropouts, listTensors } from '../src/internal.js';

const config = resolveConfig({ dropout: 0.25 });

describe('dropout', () => {
  it('ends each of the 16 encoder units and adds nothing to the state dict', () => {
    const layers = listDropouts(config);
    expect(layers).toHaveLength(16);
    expect(layers[0]).toMatchObject({ name: 'res_blocks.d0.layers.denselayer_0.layers.dropout', channels: 256 });
    expect(layers[15]).toMatchObject({ name: 'res_blocks.d3.layers.denselayer_2.layers.dropout', channels: 2048 });
    expect(listDropouts(resolveConfig())).toEqual([]);
    expect(listTensors(config)).toEqual(listTensors(resolveConfig()));
  });

  it('drops channels with its probability and scales up the others', () => {
    const scales = drawDropoutScales(config, [createRandom(1)]);
    const values = [...scales.values()].flatMap((layer) => [...layer]);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const dropped = values.filter((value) => value === 0).length / values.length;
    // 16,640 channels: five standard deviations.
    expect(Math.abs(dropped - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / values.length));
  });

  it('draws for an image the same whatever batch it is in, and for each layer anew', () => {
    const [first, second] = [createRandom(1), createRandom(2)];
    const alone = drawDropoutScales(config, [createRandom(2)]);
    const together = drawDropoutScales(config, [first, second]);
    for (const [name, values] of together) expect(values.slice(values.length / 2)).toEqual(alone.get(name));
    const units = [...alone.values()];
    expect(units[0]).not.toEqual(units[1]);
  });

  it('drops everything at probability 1, with no infinite scale', () => {
    const scales = drawDropoutScales(resolveConfig({ dropout: 1 }), [createRandom(1)]);
    for (const values of scales.values()) expect(values.every((value) => value === 0)).toBe(true);
  });
});

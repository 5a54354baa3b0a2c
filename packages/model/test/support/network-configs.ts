// Small networks of every form, for properties.
import fc from 'fast-check';
import { resolveConfig, type HoverNetConfig } from '../../src/index.js';

const channels = fc.integer({ min: 1, max: 4 });
const units = fc.integer({ min: 1, max: 3 });

/** Every field that shapes can tell is drawn; at most a few thousand parameters. */
export const networkConfigs: fc.Arbitrary<HoverNetConfig> = fc
  .record({
    mode: fc.constantFrom('fast' as const, 'original' as const),
    reference: fc.constantFrom('monai' as const, 'hover_net' as const),
    inChannels: fc.integer({ min: 1, max: 4 }),
    outClasses: fc.constantFrom(0, 2, 3, 5),
    npOutChannels: fc.integer({ min: 2, max: 3 }),
    stemChannels: channels,
    stageChannels: fc.tuple(channels, channels, channels, channels),
    units: fc.tuple(units, units, units, units),
    denseUnits: fc.tuple(units, units),
    groups: fc.constantFrom(1, 2),
    growth: fc.constantFrom(2, 4),
    denseBottleneck: fc.constantFrom(2, 6),
    headChannels: channels,
  })
  .chain((fields) =>
    fc.constantFrom(1 as const, ...(fields.mode === 'fast' ? [2 as const] : [])).map((stemStride) => ({
      ...fields,
      stemStride,
    })),
  )
  .map((fields) => resolveConfig(fields));

import { HovernetError } from '@hovernet/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toOriginalTensors } from '../../src/conversion/original-tensors.js';
import { translateTensors } from '../../src/conversion/translate-tensors.js';
import { compareTensors } from '../../src/weight-coverage.js';
import type { StateDict } from '../../src/index.js';
import { inferConfig, listTensors } from '../../src/internal.js';
import { smallConfig } from '../support/noise-state.js';
import { createShapeTensors, listResnetShapes, type NamedShape } from '../support/shape-tensors.js';

const ours = listTensors(smallConfig).map(({ name, shape }): NamedShape => [name, shape]);
const original = [...toOriginalTensors(createShapeTensors(ours) as StateDict)];
const families: readonly (readonly NamedShape[])[] = [
  ours,
  original.map(([name, { shape }]): NamedShape => [name, shape]),
  listResnetShapes({ units: [1, 1, 2, 1], channels: [1, 1, 1, 1], stem: 1 }),
];

const shape = fc.array(fc.oneof(fc.nat(9), fc.constant(2 ** 40)), { maxLength: 5 });
const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('drop', 'reshape', 'rename', 'prefix'),
  shape,
  text: fc.constantFrom('module.', 'x', '.0.', 'denselayer_9999', '__proto__', ''),
});

it('meets every damaged network with an error of its own, or loses no tensor', () => {
  fc.assert(
    fc.property(fc.constantFrom(...families), fc.array(change, { maxLength: 6 }), (family, changes) => {
      const shapes = new Map(family.map(([name, size]) => [name, size]));
      for (const { at, kind, text, shape: size } of changes) {
        const name = [...shapes.keys()][at % shapes.size]!;
        const before = shapes.get(name)!;
        if (kind !== 'reshape') shapes.delete(name);
        if (kind === 'reshape') shapes.set(name, size);
        if (kind === 'rename') shapes.set(name.replace(/\d/, text), before);
        if (kind === 'prefix') shapes.set(text + name, before);
      }
      const stored = createShapeTensors([...shapes]);
      try {
        const { tensors, unused } = translateTensors(stored, 'memory');
        expect(tensors.size + unused.length).toBe(stored.size);
        const config = inferConfig(tensors);
        const { loaded, unexpected, mismatched } = compareTensors(listTensors(config), tensors);
        expect(loaded + unexpected.length + mismatched.length).toBe(tensors.size);
      } catch (error) {
        if (!(error instanceof HovernetError)) throw error;
      }
    }),
  );
});

it('strips a few prefixes, not any number', () => {
  const deep = new Map(createShapeTensors([['module.'.repeat(100_000) + 'conv0.conv.weight', [1]]]));
  expect(() => translateTensors(deep, 'memory')).toThrow(/unknown network \((module\.)+mod?…, …\)$/);
});

import { createLabelMap, toChannelFirst, type LabelMap } from '@hovernet/core';
import { countDifferences, hasReference, readReferenceNpy, readReferenceNpz } from '@hovernet/testing';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { computeHoverMaps, relabelInstances } from '../src/index.js';

const folder = 'golden/hovermaps';

describe.skipIf(!hasReference(folder)).each(['train_1', 'test_1'])(
  'HoVer maps of %s against the references',
  (tile) => {
    const label = (name: 'input' | 'relabelled'): LabelMap =>
      createLabelMap(270, 270, readReferenceNpz(`${folder}/${tile}_input.npz`)[name]!.data as Int32Array<ArrayBuffer>);
    const read = (name: string) => readReferenceNpy(`${folder}/${tile}_${name}.npy`).data as Float32Array;

    it('relabels the mirrored crop exactly', () => {
      expect(countDifferences(relabelInstances(label('input')).data, label('relabelled').data)).toBe(0);
    });

    it('gives the maps bit for bit', () => {
      const maps = computeHoverMaps(relabelInstances(label('input')));
      expect(countDifferences(maps.data, read('monai_hv'))).toBe(0);
    });

    it('gives the maps of the authors bit for bit as hover_net', () => {
      const maps = computeHoverMaps(label('input'), { reference: 'hover_net', choiceSizePx: 164 });
      const expected = toChannelFirst(ndarray(read('original_hv'), [270, 270, 2])).data;
      expect(countDifferences(maps.data, expected)).toBe(0);
    });
  },
);

import { labelComponents } from '@hovernet/postprocess/internal';
import { computeOverlapTable, scoreInstances } from '@hovernet/metrics';
import { segmentNuclei } from '@hovernet/postprocess';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { createLabelledMaps, createLabelledScene, type LabelledScene } from '../../src/scene/labelled-scene.js';

function countNuclei({ instanceMap }: LabelledScene): number {
  return computeOverlapTable(instanceMap, instanceMap).truthIds.length;
}

function toMask({ instanceMap }: LabelledScene) {
  return ndarray(Uint8Array.from(instanceMap.data, Math.sign), instanceMap.shape);
}

describe('createLabelledScene', () => {
  const scene = createLabelledScene(1000);

  it('is the same for the same seed and another for another', () => {
    expect(createLabelledScene(120, 3)).toEqual(createLabelledScene(120, 3));
    expect(createLabelledScene(120, 3).instanceMap.data).not.toEqual(createLabelledScene(120, 4).instanceMap.data);
  });

  it('resembles the tiles of CoNSeP: 593 nuclei on 17 % of the pixels, seven components for ten nuclei', () => {
    const count = countNuclei(scene);
    const mask = toMask(scene);
    const components = labelComponents(mask).data.reduce((most, label) => Math.max(most, label), 0);
    expect(count).toBe(620);
    expect(mask.data.reduce((sum, inside) => sum + inside, 0) / 1e6).toBeCloseTo(0.17, 2);
    expect(components / count).toBeCloseTo(0.7, 1);
  });

  it('is mirrored beyond 1000 pixels, every copy with ids of its own', () => {
    const large = createLabelledScene(1200);
    expect(large.instanceMap.get(333, 999)).toBe(scene.instanceMap.get(333, 999));
    for (const [y, x] of [
      [333, 1190],
      [1100, 20],
    ] as const) {
      expect(large.typeMap.get(y, x)).toBe(scene.typeMap.get(Math.min(y, 1999 - y), Math.min(x, 1999 - x)));
    }
    expect(countNuclei(large)).toBeGreaterThan(620 * 1.35);
  });

  it('has one type on every nucleus and none beside', () => {
    const { truthIds, pairTruths } = computeOverlapTable(
      scene.instanceMap,
      ndarray(Int32Array.from(scene.typeMap.data), [1000, 1000]),
    );
    expect([...pairTruths]).toEqual([...truthIds.keys()]);
    expect(scene.typeMap.data.every((type, i) => (type === 0) === (scene.instanceMap.data[i] === 0))).toBe(true);
  });
});

describe('createLabelledMaps', () => {
  it('shows a network that sees the nuclei of the scene', () => {
    const scene = createLabelledScene(500);
    const { instanceMap, nuclei } = segmentNuclei(createLabelledMaps(scene));
    expect(nuclei.length / countNuclei(scene)).toBeGreaterThan(0.95);
    expect(scoreInstances(scene.instanceMap, instanceMap).pq).toBeGreaterThan(0.9);
  });
});

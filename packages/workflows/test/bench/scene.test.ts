import { segmentNuclei } from '@hovernet/postprocess';
import { describe, expect, it } from 'vitest';
import { createScene, createSceneMaps, sceneClasses } from '../../src/bench/scene.js';

describe('createScene', () => {
  it('is the same for the same seed and another for another', () => {
    expect(createScene(64, 3)).toEqual(createScene(64, 3));
    expect(createScene(64, 3).instanceMap.data).not.toEqual(createScene(64, 4).instanceMap.data);
  });

  it('has one type on every nucleus and none beside', () => {
    const { instanceMap, typeMap } = createScene(300);
    const types = new Map<number, Set<number>>();
    instanceMap.data.forEach((id, at) => types.set(id, (types.get(id) ?? new Set()).add(typeMap.data[at]!)));
    expect(types.get(0)).toEqual(new Set([0]));
    expect(types.size).toBeGreaterThan(40);
    for (const [id, found] of types) if (id > 0) expect(found.size).toBe(1);
    expect(Math.max(...typeMap.data)).toBe(sceneClasses);
  });
});

describe('createSceneMaps', () => {
  it('shows a network that sees the nuclei of the scene', () => {
    const { instanceMap } = createScene(300);
    const found = segmentNuclei(createSceneMaps(300)).instanceMap;
    const both = instanceMap.data.filter((id, at) => id > 0 && found.data[at]! > 0).length;
    const either = instanceMap.data.filter((id, at) => id > 0 || found.data[at]! > 0).length;
    expect(both / either).toBeGreaterThan(0.9);
  });
});

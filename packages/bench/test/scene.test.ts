import { describe, expect, it } from 'vitest';
import { createScene, sceneClasses } from '../src/scene.js';

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

import { describe, expect, it } from 'vitest';
import { overlapStages } from '../../src/postprocess/overlap-stages.js';

const later = (turns: number) => new Promise((resolve) => setTimeout(resolve, turns));

/** Stages that write down when they begin and end. */
function createStages(fail: readonly string[] = []) {
  const log: string[] = [];
  const stage = (name: string, turns: number) => async (item: number) => {
    log.push(`${name}${item}`);
    await later(turns);
    if (fail.includes(`${name}${item}`)) throw new Error(`${name}${item}`);
    log.push(`/${name}${item}`);
    return item;
  };
  return { log, first: stage('a', 12), second: stage('b', 6) };
}

async function collect(items: readonly number[], stages: ReturnType<typeof createStages>): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for await (const outcome of overlapStages(items, stages)) {
    outcomes.push(outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Error).message);
  }
  return outcomes;
}

describe('overlapStages', () => {
  it('finishes an item while the next one begins', async () => {
    const stages = createStages();
    expect(await collect([1, 2, 3], stages)).toEqual([1, 2, 3]);
    const when = (event: string) => stages.log.indexOf(event);
    expect(when('a2')).toBe(when('b1') + 1);
    expect(when('b2')).toBeGreaterThan(Math.max(when('/a2'), when('/b1')));
    expect(when('a3')).toBe(when('b2') + 1);
  });

  it('tells of failures in their place and goes on', async () => {
    expect(await collect([1, 2, 3, 4], createStages(['a2', 'b3']))).toEqual([1, 'a2', 'b3', 4]);
  });

  it('begins nothing after a failure that ends the asking', async () => {
    const stages = createStages(['a2']);
    for await (const outcome of overlapStages([1, 2, 3], stages)) if (outcome.status === 'rejected') break;
    expect(stages.log).not.toContain('a3');
  });

  it('does nothing without items', async () => {
    expect(await collect([], createStages())).toEqual([]);
  });
});

import { checkOnnxModels, hasOnnxChecker } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { ELEMENT_TYPE_CODES } from '../../src/element-types.js';
import { toOnnx, type ToOnnxOptions } from '../../src/index.js';
import { inferValues } from '../../src/infer/infer-values.js';
import { recordInstances, type RecordedInstance } from './record-instances.js';

describe.skipIf(!hasOnnxChecker())("ONNX's checker on every kernel that can be recorded", { timeout: 180_000 }, () => {
  // Recorded by the first test that needs them.
  let recorded: RecordedInstance[] | undefined;
  const check = async (options: ToOnnxOptions) => {
    recorded ??= await recordInstances({ numRuns: 3, seed: 11, withGradients: true });
    return checkOnnxModels(new Map(recorded.map(({ name, graph }) => [name, toOnnx(graph, options)])));
  };

  it.each(['float32', 'mixed', 'float16'] as const)('accepts its graph in %s', async (precision) => {
    const problems = [...(await check({ precision }))].filter(([, { problem }]) => problem !== null);
    expect(problems).toEqual([]);
  });

  it('infers the types and dimensions that inferValues finds', async () => {
    const differing: string[] = [];
    const checked = await check({});
    for (const { name, graph } of recorded!) {
      const infos = inferValues(graph);
      for (const { op, outputs } of graph.nodes) {
        for (const value of outputs) {
          const info = infos.get(value);
          const own = JSON.stringify(info && [ELEMENT_TYPE_CODES[info.type], info.dims]);
          const theirs = JSON.stringify(checked.get(name)!.values[value]);
          if (own !== theirs) differing.push(`${name}: ${op} ${value}: ${own}, ONNX ${theirs}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });
});

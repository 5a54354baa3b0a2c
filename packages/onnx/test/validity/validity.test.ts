import { checkOnnxModels, compareRuntimes, hasOnnxChecker } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { ELEMENT_TYPE_CODES } from '../../src/element-types.js';
import { toOnnx, traceProgram, type ToOnnxOptions } from '../../src/index.js';
import { inferValues } from '../../src/infer/infer-values.js';
import { feedsOf, forwardCase, programCases, trainStepCase, type ProgramCase } from './programs.js';

const exports: Readonly<Record<string, ToOnnxOptions>> = {
  float32: {},
  mixed: { precision: 'mixed' },
  float16: { precision: 'float16' },
  'float16 throughout': { precision: 'float16', float16Ports: true },
};

function exportCase({ program }: ProgramCase, options: ToOnnxOptions): Uint8Array {
  return toOnnx(traceProgram(program).graph, options);
}

describe.skipIf(!hasOnnxChecker())("ONNX's checker", () => {
  const names = programCases.flatMap(({ name }) => Object.keys(exports).map((kind) => `${name}, ${kind}`));
  const dynamic = 'small network, forward, any batch';
  const exportAll = () => {
    const models = programCases.flatMap((programCase) =>
      Object.entries(exports).map(
        ([kind, options]) => [`${programCase.name}, ${kind}`, exportCase(programCase, options)] as const,
      ),
    );
    return new Map([...models, [dynamic, exportCase(forwardCase, { dynamicBatch: ['image'] })]]);
  };
  // The first test checks all of them: a process takes longer to start than to check.
  let checked: ReturnType<typeof checkOnnxModels> | undefined;
  const check = () => (checked ??= checkOnnxModels(exportAll()));

  it.each([...names, dynamic])('accepts %s', (name) => {
    expect(check().get(name)!.problem).toBeNull();
  });

  it.each(programCases)('infers the types and dimensions that inferValues finds: $name', ({ name, program }) => {
    const { graph } = traceProgram(program);
    const infos = inferValues(graph);
    const own = graph.nodes.flatMap(({ outputs }) =>
      outputs.map((value) => {
        const info = infos.get(value);
        return [value, info && [ELEMENT_TYPE_CODES[info.type], info.dims]];
      }),
    );
    expect(Object.fromEntries(own)).toEqual(check().get(`${name}, float32`)!.values);
  });

  it('finds the batch of a dynamic export in its output', () => {
    expect(check().get(dynamic)!.values['logits']).toEqual([1, ['batch', 4, 6, 4]]);
  });
});

describe('onnxruntime-web gives the numbers of onnxruntime-node', () => {
  it.each(programCases)('$name', async (programCase) => {
    const differences = await compareRuntimes(exportCase(programCase, {}), feedsOf(programCase));
    expect(Math.max(...differences.values())).toBeLessThan(1e-4);
  });

  it.each([forwardCase, trainStepCase])('$name, with float16 weights', async (programCase) => {
    // Both compute it in float32, as neither has float16 kernels on a CPU.
    const model = exportCase(programCase, { precision: 'float16' });
    const differences = await compareRuntimes(model, feedsOf(programCase));
    expect(Math.max(...differences.values())).toBeLessThan(1e-4);
  });
});

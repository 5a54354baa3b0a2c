import { traceProgram, toOnnx, type Precision } from '../../src/index.js';
import { describe, expect, it } from 'vitest';
import { ELEMENT_TYPE_CODES } from '../../src/element-types.js';
import { inferValues } from '../../src/infer/infer-values.js';
import { checkModels, checkerMissing, type CheckedModel } from './onnx-checker.js';
import { feedsOf, forwardCase, programCases, trainStepCase, type ProgramCase } from './programs.js';
import { runNative, runWeb } from './runtimes.js';

const precisions: readonly Precision[] = ['float32', 'mixed', 'float16'];

describe.skipIf(checkerMissing)(`ONNX's checker accepts every export (${checkerMissing ?? 'strict'})`, () => {
  const models = new Map(
    checkerMissing
      ? []
      : programCases.flatMap(({ name, program }) => {
          const { graph } = traceProgram(program);
          return precisions.map((precision) => [`${name}, ${precision}`, toOnnx(graph, { precision })] as const);
        }),
  );
  const checked: ReadonlyMap<string, CheckedModel> = models.size > 0 ? checkModels(models) : new Map();

  it.each(programCases.flatMap(({ name }) => precisions.map((precision) => `${name}, ${precision}`)))('%s', (name) => {
    expect(checked.get(name)!.problem).toBeNull();
  });

  it.each(programCases)('$name: types and dimensions are those that ONNX infers', ({ name, program }) => {
    const { graph } = traceProgram(program);
    const infos = inferValues(graph);
    const { values } = checked.get(`${name}, float32`)!;
    const own = graph.nodes
      .flatMap((node) => node.outputs)
      .map((value) => {
        const info = infos.get(value);
        return [value, info && [ELEMENT_TYPE_CODES[info.type], info.dims]];
      });
    expect(Object.fromEntries(own)).toEqual(values);
  });
});

describe('exports give the same numbers in onnxruntime-web', () => {
  it.each(programCases)('$name', async (programCase) => {
    expect(await largestDifference(programCase, 'float32')).toBeLessThan(1e-4);
  });

  it.each([forwardCase, trainStepCase])('$name, as float16', async (programCase) => {
    // Both runtimes compute it in float32 over float16 weights, as neither has float16 kernels on a CPU.
    expect(await largestDifference(programCase, 'float16')).toBeLessThan(1e-4);
  });
});

/** Between the two runtimes, relative to each output's largest magnitude. */
async function largestDifference(programCase: ProgramCase, precision: Precision): Promise<number> {
  const model = toOnnx(traceProgram(programCase.program).graph, { precision });
  const feeds = feedsOf(programCase);
  const [native, web] = [await runNative(model, feeds), await runWeb(model, feeds)];
  expect(Object.keys(web)).toEqual(Object.keys(native));
  let worst = 0;
  for (const [name, { data, dims }] of Object.entries(native)) {
    expect(web[name]!.dims).toEqual(dims);
    const scale = Math.max(1e-6, ...Array.from(data, Math.abs));
    data.forEach((value, i) => {
      const difference = Math.abs(value - web[name]!.data[i]!) / scale;
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    });
  }
  return worst;
}

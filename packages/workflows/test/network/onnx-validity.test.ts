import { createRandom } from '@hovernet/core';
import {
  createInferenceProgram,
  initializeWeights,
  resolveConfig,
  toConstants,
  type HoverNetConfig,
} from '@hovernet/model';
import { toOnnx, traceProgram } from '@hovernet/onnx';
import { toHostShape, type Program } from '@hovernet/ops';
import { checkOnnxModels, compareRuntimes, hasOnnxChecker, type ModelArrays } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { createTrainProgram } from '@hovernet/training/internal';

interface NetworkCase {
  readonly name: string;
  readonly config: HoverNetConfig;
  readonly windowPx: number;
}

const cases: readonly NetworkCase[] = [
  {
    name: 'fast mode, types',
    config: resolveConfig({ preset: 'tiny', mode: 'fast', reference: 'monai' }),
    windowPx: 72,
  },
  {
    name: 'original mode, no types',
    config: resolveConfig({ preset: 'tiny', mode: 'original', reference: 'hover_net', outClasses: 0 }),
    windowPx: 118,
  },
];

/** Weights of `config` and pseudo-random images and targets of `program`. */
function makeFeeds(config: HoverNetConfig, program: Program): ModelArrays {
  const weights = Object.fromEntries(toConstants(initializeWeights(config, createRandom(1))));
  const random = createRandom(2);
  return Object.fromEntries(
    program.inputs.map(({ name, shape, layout }) => {
      const dims = toHostShape(shape, layout);
      const size = dims.reduce((product, length) => product * length, 1);
      return [name, { data: weights[name] ?? Float32Array.from({ length: size }, () => random.uniform()), dims }];
    }),
  );
}

function traceForward({ config, windowPx }: NetworkCase) {
  const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
  const { image, ...weights } = makeFeeds(config, program);
  const bound = new Map(Object.entries(weights).map(([name, { data }]) => [name, data]));
  return { graph: traceProgram(program).graph, weights: bound, feeds: { image: image! } };
}

function traceTrainStep({ config, windowPx }: NetworkCase) {
  const program = createTrainProgram(config, { batchSize: 1, windowPx, freezeEncoder: false, lossWeights: {} });
  return { graph: traceProgram(program).graph, feeds: makeFeeds(config, program) };
}

describe.skipIf(!hasOnnxChecker())("ONNX's checker accepts the whole network", () => {
  it.each(cases)('$name', (networkCase) => {
    const { graph, weights } = traceForward(networkCase);
    const { graph: train } = traceTrainStep(networkCase);
    const checked = checkOnnxModels(
      new Map([
        ['forward', toOnnx(graph, { weights })],
        ['forward, any batch', toOnnx(graph, { weights, dynamicBatch: true })],
        ['forward, float16', toOnnx(graph, { weights, precision: 'float16', dynamicBatch: true })],
        ['train step', toOnnx(train)],
        ['train step, mixed', toOnnx(train, { precision: 'mixed' })],
      ]),
    );
    for (const [name, { problem }] of checked) expect(problem, name).toBeNull();
  });
});

describe('onnxruntime-web gives the numbers of onnxruntime-node for the whole network', { timeout: 180_000 }, () => {
  const precisions = [
    { precision: 'float32', bound: 1e-4 },
    // Where a number lies between two float16 ones, the last bit of float32 decides which it becomes, 2⁻¹⁰ apart.
    { precision: 'float16', bound: 2 ** -10 },
  ] as const;

  it.each(cases.flatMap((networkCase) => precisions.map((each) => ({ ...networkCase, ...each }))))(
    '$name, forward in $precision',
    async ({ precision, bound, ...networkCase }) => {
      const { graph, weights, feeds } = traceForward(networkCase);
      const differences = await compareRuntimes(toOnnx(graph, { weights, precision }), feeds);
      for (const [name, difference] of differences) expect(difference, name).toBeLessThan(bound);
    },
  );

  it.each(cases)('$name, train step', async (networkCase) => {
    const { graph, feeds } = traceTrainStep(networkCase);
    for (const [name, difference] of await compareRuntimes(toOnnx(graph), feeds)) {
      // Gradients through the whole network turn a change of 1e-7 into one of 1e-2, which is the bound of the reference too.
      expect(difference, name).toBeLessThan(name.startsWith('gradient/') ? 2e-2 : 1e-4);
    }
  });
});

// The engine over ONNX Runtime in a page: a program is traced once, and a session then runs it on host arrays.
import {
  assertConstants,
  assertFeeds,
  toHostShape,
  type Engine,
  type Executable,
  type HostData,
  type TensorSpec,
} from '@hovernet/ops/contract';
import type { OnnxModel } from '../model/onnx-model.js';
import { toOnnx, type Precision } from '../to-onnx.js';
import { openOnnxModel, type OpenOnnxModelOptions } from './open-onnx-model.js';

export interface OnnxEngineOptions extends Omit<OpenOnnxModelOptions, 'name'> {
  /** As `toOnnx` explains; inputs and outputs stay float32. @default 'float32' */
  readonly precision?: Precision;
}

/** Makes an engine; nothing is loaded before the first `compile`, which loads TensorFlow.js too. */
export function createOnnxEngine({ precision = 'float32', ...options }: OnnxEngineOptions = {}): Engine {
  return {
    name: 'onnx',
    async compile(program, { constants = new Map<string, HostData>() } = {}) {
      assertConstants(program.name, program.inputs, constants);
      const { traceProgram } = await import('../trace.js');
      const { graph, outputs } = traceProgram(program, { constants });
      const model = await openOnnxModel(toOnnx(graph, { precision, webgpu: true }), { ...options, name: program.name });
      const inputs = program.inputs.filter(({ name }) => !constants.has(name));
      return createExecutable(program.name, { inputs, outputs, model });
    },
  };
}

function createExecutable(
  name: string,
  program: {
    readonly inputs: readonly TensorSpec[];
    readonly outputs: readonly TensorSpec[];
    readonly model: OnnxModel;
  },
): Executable {
  const { inputs, outputs, model } = program;
  return {
    inputs,
    outputs,
    async run(feeds) {
      assertFeeds(name, inputs, feeds);
      const arrays = inputs.map((spec) => {
        const shape = toHostShape(spec.shape, spec.layout);
        return [spec.name, { data: feeds[spec.name]!, shape }] as const;
      });
      return model.run(Object.fromEntries(arrays));
    },
    dispose: () => model.dispose(),
  };
}

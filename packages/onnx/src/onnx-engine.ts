// The engine over ONNX Runtime in Node: a program is traced once, and a session then runs it on host arrays.
import { ArgumentError } from '@hovernet/core';
import {
  assertConstants,
  assertFeeds,
  toHostShape,
  type CompileOptions,
  type Engine,
  type Executable,
  type HostArray,
  type HostData,
  type Program,
  type TensorSpec,
} from '@hovernet/ops/contract';
import type { OnnxGraph } from './graph.js';
import { calibrate, type CalibrationOptions } from './quantize/calibrate.js';
import type { GraphFeeds } from './quantize/collect-statistics.js';
import { quantizeGraph, type QuantizationOptions } from './quantize/quantize-graph.js';
import { EngineError } from './session/engine-error.js';
import { openSession, type OpenedSession, type SessionOptions } from './session/open-session.js';
import type { ProviderName } from './session/providers.js';
import { startGraph } from './session/start-graph.js';
import { toOnnx, type Precision } from './to-onnx.js';

export interface OnnxEngineOptions extends SessionOptions {
  /**
   * `float32`, `mixed` (for training) or `float16` (for inference), as `toOnnx` explains; `int8`, for inference with constant
   * weights, needs `calibration`. Inputs and outputs stay float32.
   * @default 'float32'
   */
  readonly precision?: Precision | 'int8';
  /** What `int8` measures the ranges of values on. */
  readonly calibration?: EngineCalibration;
}

/** Samples for calibration, and how ranges are chosen. */
export interface EngineCalibration extends Omit<CalibrationOptions, 'onSample'>, QuantizationOptions {
  /** Feeds of `program` like those that it will be run on; a few dozen are enough. Asked once for each compilation. */
  samples(program: Program): Iterable<GraphFeeds> | AsyncIterable<GraphFeeds>;
}

/** A program in an ONNX Runtime session. Runs of one executable follow each other. */
export interface OnnxExecutable extends Executable {
  readonly outputs: readonly TensorSpec[];
  /** The execution provider that started. */
  readonly provider: ProviderName;
  /** Whether the session started from an optimised model on disk. */
  readonly cached: boolean;
}

export interface OnnxEngine extends Engine {
  compile(program: Program, options?: CompileOptions): Promise<OnnxExecutable>;
}

/** Makes an engine; nothing is loaded before the first {@link Engine.compile}. */
export function createOnnxEngine(options: OnnxEngineOptions = {}): OnnxEngine {
  return {
    name: 'onnx',
    compile: (program, compileOptions) => compileProgram(program, options, compileOptions),
  };
}

async function compileProgram(
  program: Program,
  options: OnnxEngineOptions,
  { constants = new Map() }: CompileOptions = {},
): Promise<OnnxExecutable> {
  assertConstants(program.name, program.inputs, constants);
  const { traceProgram } = await import('./trace.js');
  const traced = traceProgram(program, { constants });
  const { precision = 'float32' } = options;
  const graph = precision === 'int8' ? await quantize(program, traced.graph, options) : traced.graph;
  const inputs = program.inputs.filter((spec) => !constants.has(spec.name));
  const session = await openSession(
    {
      program: program.name,
      model: toOnnx(graph, {
        precision: precision === 'int8' ? 'float32' : precision,
        // Whichever provider starts: the model computes the same on all.
        webgpu: options.providers?.includes('webgpu') ?? false,
      }),
      inputs: inputs.map(({ name, dtype, shape, layout }) => ({ name, type: dtype, dims: toHostShape(shape, layout) })),
    },
    options,
  );
  return new SessionExecutable(program.name, inputs, traced.outputs, session);
}

async function quantize(program: Program, graph: OnnxGraph, options: OnnxEngineOptions): Promise<OnnxGraph> {
  const { calibration } = options;
  if (!calibration) throw new ArgumentError(`${program.name}: expected calibration samples for int8, got none`);
  const start = (prepared: OnnxGraph) => startGraph(prepared, options);
  const source = { start, samples: calibration.samples(program) };
  return quantizeGraph(await calibrate(graph, source, calibration), calibration);
}

class SessionExecutable implements OnnxExecutable {
  private disposed = false;

  constructor(
    private readonly program: string,
    readonly inputs: readonly TensorSpec[],
    readonly outputs: readonly TensorSpec[],
    private readonly session: OpenedSession,
  ) {}

  get provider(): ProviderName {
    return this.session.provider;
  }

  get cached(): boolean {
    return this.session.cached;
  }

  async run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    if (this.disposed) throw new ArgumentError(`${this.program}: expected an executable in use, got a disposed one`);
    assertFeeds(this.program, this.inputs, feeds);
    try {
      return await this.session.thread.run(feeds);
    } catch (error) {
      throw new EngineError(`${this.program}: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.session.thread.close();
  }
}

// The engine over ONNX Runtime in Node: a program is traced once, and the session then runs it on host arrays.
import { HovernetError, ShapeError } from '@hovernet/core';
import {
  toHostShape,
  type CompileOptions,
  type Engine,
  type Executable,
  type HostArray,
  type HostData,
  type Program,
  type TensorSpec,
} from '@hovernet/ops';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from './encode-model.js';
import { sizeOf } from './layout.js';
import { loadRuntime, type ProviderName, type Runtime } from './providers.js';
import { traceProgram } from './trace.js';

export interface OnnxEngineOptions {
  /** Providers to try, first to last; the first that starts is used. @default ['cpu'] */
  readonly providers?: readonly ProviderName[];
  /** Threads within an operation; 0 lets ONNX Runtime choose one per physical core. @default 0 */
  readonly threads?: number;
}

/** The engine could not start a session or run it. */
export class EngineError extends HovernetError {
  constructor(message: string, cause: unknown) {
    super('ENGINE_FAILED', message, { cause });
  }
}

/** Makes an engine; nothing is loaded before the first {@link Engine.compile}. */
export function createOnnxEngine(options: OnnxEngineOptions = {}): Engine {
  return {
    name: 'onnx',
    compile: (program, compileOptions) => compileProgram(program, options, compileOptions),
  };
}

async function compileProgram(
  program: Program,
  options: OnnxEngineOptions,
  { constants = new Map() }: CompileOptions = {},
): Promise<Executable> {
  const runtime = await loadRuntime();
  const traced = traceProgram(program, { constants });
  const model = encodeModel(traced.graph);
  const { session, provider } = await startSession(runtime, program.name, model, options);
  return new OnnxExecutable(
    program.name,
    program.inputs.filter((spec) => !constants.has(spec.name)),
    traced.outputs,
    { runtime, session, provider },
  );
}

interface RunningSession {
  readonly runtime: Runtime;
  readonly session: InferenceSession;
  /** The execution provider that started. */
  readonly provider: ProviderName;
}

/** A session that keeps the tensor of each input's last array: weights that change in place are wrapped once. */
class OnnxExecutable implements Executable {
  private readonly bound = new Map<string, { readonly data: HostData; readonly tensor: Tensor }>();

  constructor(
    private readonly program: string,
    readonly inputs: readonly TensorSpec[],
    readonly outputs: readonly TensorSpec[],
    private readonly running: RunningSession,
  ) {}

  get provider(): ProviderName {
    return this.running.provider;
  }

  async run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    const bound = Object.fromEntries(this.inputs.map((spec) => [spec.name, this.wrap(spec, feeds[spec.name])]));
    const results = await this.running.session.run(bound);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as HostData, shape: dims }]),
    );
  }

  async dispose(): Promise<void> {
    await this.running.session.release();
  }

  private wrap(spec: TensorSpec, data: HostData | undefined): Tensor {
    const shape = toHostShape(spec.shape, spec.layout);
    const size = sizeOf(shape);
    if (data?.length !== size) {
      const got = data ? `${data.length} elements` : 'none';
      throw new ShapeError(`${this.program}: input ${spec.name}`, `${size} elements of [${shape.join(', ')}]`, got);
    }
    const known = this.bound.get(spec.name);
    if (known?.data === data) return known.tensor;
    const tensor = new this.running.runtime.Tensor(spec.dtype, data as Float32Array, shape);
    this.bound.set(spec.name, { data, tensor });
    return tensor;
  }
}

async function startSession(
  runtime: Runtime,
  program: string,
  model: Uint8Array,
  { providers = ['cpu'], threads = 0 }: OnnxEngineOptions,
): Promise<{ session: InferenceSession; provider: ProviderName }> {
  const failures: string[] = [];
  for (const provider of providers) {
    try {
      const session = await runtime.InferenceSession.create(model, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        graphOptimizationLevel: 'all',
        enableCpuMemArena: true,
        // A memory pattern keeps one block for the whole graph: 9 GB instead of 5.4 GB for a full-size train step.
        enableMemPattern: false,
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
      return { session, provider };
    } catch (error) {
      failures.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new EngineError(
    `${program}: expected a working provider of [${providers.join(', ')}], got ${failures.join('; ')}`,
    undefined,
  );
}

// Which engines and providers this machine can run, found by trying each.
import { createOnnxEngine, listProviders } from '@hovernet/onnx/node';
import type { Program } from '@hovernet/ops';
import { relu } from '@tensorflow/tfjs';

/** One way to run the network. */
export interface EngineStatus {
  readonly engine: 'onnx' | 'tfjs';
  /** Execution provider of ONNX Runtime, or package of TensorFlow.js. */
  readonly provider: string;
  /** Installed here. */
  readonly present: boolean;
  /** A small program ran on it. */
  readonly usable: boolean;
  /** Why not, or the empty string. */
  readonly reason: string;
}

export interface EngineReport {
  readonly engines: readonly EngineStatus[];
  /** `engine/provider` that runs unless the configuration says otherwise; null where it is not usable. */
  readonly runs: string | null;
}

const tfjsPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];

/** Probes every provider of ONNX Runtime, then the native and WebAssembly backends of TensorFlow.js. */
export async function probeEngines(): Promise<EngineReport> {
  const engines = [...(await probeOnnx()), ...(await Promise.all(tfjsPackages.map(probePackage)))];
  const isDefault = ({ engine, provider }: EngineStatus) => engine === 'onnx' && provider === 'cpu';
  return { engines, runs: engines.some((status) => isDefault(status) && status.usable) ? 'onnx/cpu' : null };
}

async function probeOnnx(): Promise<EngineStatus[]> {
  const program: Program = {
    name: 'probe',
    inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
    run: ({ x }) => ({ y: relu(x!) }),
  };
  let providers;
  try {
    providers = await listProviders();
  } catch (error) {
    return [{ engine: 'onnx', provider: 'onnxruntime-node', present: false, usable: false, reason: explain(error) }];
  }
  const statuses: EngineStatus[] = [];
  for (const { name, present, reason } of providers) {
    const status = { engine: 'onnx', provider: name, present } as const;
    if (!present) {
      statuses.push({ ...status, usable: false, reason });
      continue;
    }
    try {
      const executable = await createOnnxEngine({ providers: [name] }).compile(program);
      const { y } = await executable.run({ x: Float32Array.of(-1, 2) });
      await executable.dispose();
      const usable = y!.data[0] === 0 && y!.data[1] === 2;
      statuses.push({ ...status, usable, reason: usable ? '' : 'it computes wrong numbers' });
    } catch (error) {
      statuses.push({ ...status, usable: false, reason: explain(error) });
    }
  }
  return statuses;
}

async function probePackage(name: string): Promise<EngineStatus> {
  const status = { engine: 'tfjs', provider: name } as const;
  try {
    await import(name);
    return { ...status, present: true, usable: true, reason: '' };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing ? `not installed; npm i ${name}` : explain(error);
    return { ...status, present: !missing, usable: false, reason };
  }
}

/** The cause as native libraries say it, without what the engine puts before it, and not their pages of it. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message
    .split('\n')[0]!
    .replace(/^.*\], got \w+: /, '')
    .trim();
  return line.length <= 160 ? line : `${line.slice(0, 60)} … ${line.slice(-97)}`;
}

// Which engines, with which providers, this machine can run, found by trying each.
import { availableParallelism } from 'node:os';
import { explainFailure, runProbe, type ProbeOutcome, type ProbeTarget } from '@hovernet/onnx/node';

/** One way to run the network. */
export interface EngineStatus {
  readonly engine: 'onnx' | 'tfjs';
  /** Execution provider of ONNX Runtime, or backend of TensorFlow.js. */
  readonly provider: string;
  /** Installed here. */
  readonly present: boolean;
  /** A small program ran on it. */
  readonly usable: boolean;
  /** Why not, with a remedy; empty where it is usable. */
  readonly reason: string;
  /** What to know of it where it is usable; may be empty. */
  readonly note: string;
}

export interface EngineReport {
  readonly engines: readonly EngineStatus[];
  /** `engine/provider` that runs unless the configuration says otherwise; null where it is not usable. */
  readonly runs: string | null;
  /** What the provider `auto` of each engine is here; null where nothing is. */
  readonly auto: Readonly<Record<'onnx' | 'tfjs', string | null>>;
}

/** Of tfjs in the order of its `auto`. */
const targets: readonly ProbeTarget[] = [
  ...(['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'] as const).map((provider) => {
    return { engine: 'onnx', provider } as const;
  }),
  ...(['tensorflow', 'webgpu', 'wasm', 'cpu'] as const).map((provider) => ({ engine: 'tfjs', provider }) as const),
];

/** Each in a process of its own, as many at a time as there are processors, four at most. */
export async function probeEngines(
  probe: (target: ProbeTarget) => Promise<ProbeOutcome> = runProbe,
): Promise<EngineReport> {
  const engines = new Array<EngineStatus>(targets.length);
  const left = targets.entries();
  const work = async (): Promise<void> => {
    for (const [index, target] of left) engines[index] = toStatus(target, await probe(target));
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  const isOnnxCpu = ({ engine, provider }: EngineStatus) => engine === 'onnx' && provider === 'cpu';
  const onnx = engines.some((status) => isOnnxCpu(status) && status.usable) ? 'cpu' : null;
  const tfjs = engines.find(({ engine, usable, note }) => engine === 'tfjs' && usable && note === '')?.provider ?? null;
  return { engines, runs: onnx && `onnx/${onnx}`, auto: { onnx, tfjs } };
}

function toStatus(target: ProbeTarget, outcome: ProbeOutcome): EngineStatus {
  if (outcome.result?.usable) return { ...target, present: true, usable: true, reason: '', note: outcome.result.note };
  const { reason, missing } = explainFailure(target, outcome);
  return { ...target, present: !missing, usable: false, reason, note: '' };
}

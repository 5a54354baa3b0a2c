// The first provider of a ladder that starts here, where the CPU is not among them.
import { UnsupportedError } from '@hovernet/core';
import { listProviders, type ProviderName } from '../session/providers.js';
import { explainFailure } from './probe/explain-failure.js';
import type { ProbeSettings } from './probe/probe-target.js';
import { runProbe } from './probe/run-probe.js';

/** No provider of a ladder starts. */
export class NoGpuError extends UnsupportedError {
  constructor(
    /** What was expected, and why it is not here. */
    readonly problem: string,
    /** What the providers need. */
    readonly remedies: readonly string[],
  ) {
    super(`openEngine: providers: ${[problem, ...remedies, 'or set allowCpu'].join('; ')}`);
  }
}

export interface FindGpuOptions extends ProbeSettings {
  /** Why a provider does not start; undefined where it does. @default runs one operation on it in a process of its own */
  readonly explain?: (provider: ProviderName, settings: ProbeSettings) => Promise<string | undefined>;
}

/**
 * The rest of `ladder` from its first provider that starts.
 * @throws NoGpuError if none does: one sentence with the reason of each, what they need, and `allowCpu`.
 */
export async function findGpuProvider(
  ladder: readonly ProviderName[],
  { explain = explainStart, ...settings }: FindGpuOptions = {},
): Promise<readonly ProviderName[]> {
  const reasons = new Map<string, ProviderName[]>();
  for (const [index, provider] of ladder.entries()) {
    const reason = await explain(provider, settings);
    if (reason === undefined) return ladder.slice(index);
    reasons.set(reason, [...(reasons.get(reason) ?? []), provider]);
  }
  const details = [...reasons].map(([reason, providers]) => `${providers.join(', ')}: ${reason}`);
  const device = settings.deviceId ? ` number ${settings.deviceId}` : '';
  const problem = `expected a GPU${device} for ${ladder.join(' or ')}, got none (${details.join('; ')})`;
  const remedies = ladder.flatMap((provider) => requirements[provider] ?? []);
  throw new NoGpuError(problem, remedies);
}

/** What the reasons do not say: installing what is missing helps only where there is a GPU for it. */
const requirements: Readonly<Partial<Record<ProviderName, string>>> = {
  tensorrt: 'tensorrt needs what cuda needs, and TensorRT 10',
  cuda: 'cuda needs an NVIDIA GPU on linux x64 with its driver, CUDA 12 and cuDNN 9',
};

async function explainStart(provider: ProviderName, settings: ProbeSettings): Promise<string | undefined> {
  const target = { engine: 'onnx', provider } as const;
  const { present, reason: problem } = (await listProviders()).find(({ name }) => name === provider)!;
  const missing = { result: { present, usable: false, problem, note: '' }, output: '', death: '' };
  const outcome = present ? await runProbe(target, settings) : missing;
  return outcome.result?.usable ? undefined : explainFailure(target, outcome).reason;
}

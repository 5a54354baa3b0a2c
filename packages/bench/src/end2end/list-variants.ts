// Ways to run the network on this machine, and why there are not more.
import {
  explainFailure,
  parseProviders,
  PROVIDER_NAMES,
  runProbe,
  type ProbeOutcome,
  type ProbeTarget,
  type ProviderName,
} from '@hovernet/onnx/node';
import type { BenchOptions, BenchPrecision } from '../bench-case.js';

/** One way to run the network. */
export interface Variant {
  readonly provider: ProviderName;
  readonly precision: BenchPrecision;
}

/** One that is not here; keys as scripts read them. */
export interface AbsentVariant {
  readonly engine: 'onnx';
  readonly provider: string;
  /** Null where no precision is. */
  readonly precision: BenchPrecision | null;
  readonly reason: string;
}

export interface ListedVariants {
  readonly variants: readonly Variant[];
  readonly absent: readonly AbsentVariant[];
}

/** `mixed` is what PyTorch calls AMP; a CPU computes it in float32, with more conversions. */
const precisions: Readonly<Record<'cpu' | 'others', readonly BenchPrecision[]>> = {
  cpu: ['float32', 'float16', 'int8'],
  others: ['float32', 'mixed', 'float16', 'int8'],
};

/**
 * Every provider that starts here with its precisions, of those asked for; of all where none are. Each provider is tried in a
 * process of its own.
 */
export async function listVariants(
  { providers = [], precision }: Pick<BenchOptions, 'providers' | 'precision'>,
  probe: (target: ProbeTarget) => Promise<ProbeOutcome> = runProbe,
): Promise<ListedVariants> {
  const variants: Variant[] = [];
  const absent: AbsentVariant[] = [];
  for (const provider of providers.length > 0 ? parseProviders(providers) : PROVIDER_NAMES) {
    const target = { engine: 'onnx', provider } as const;
    const outcome = await probe(target);
    if (outcome.result?.usable) {
      const own = precision ? [precision] : precisions[provider === 'cpu' ? 'cpu' : 'others'];
      variants.push(...own.map((each) => ({ provider, precision: each })));
    } else {
      absent.push({ ...target, precision: null, reason: explainFailure(target, outcome).reason });
    }
  }
  return { variants, absent };
}

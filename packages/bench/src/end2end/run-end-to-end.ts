// The benchmark of the bundle's TensorRT table: the network alone and from file to files, on everything that is here.
import { HovernetError, UnsupportedError } from '@hovernet/core';
import type { BenchCase, BenchContext, BenchDocument } from '../bench-case.js';
import { compareVariants, nameVariant, type ComparedMethod } from './compare-variants.js';
import { listVariants, type AbsentVariant } from './list-variants.js';
import { measureVariant } from './measure-variant.js';
import { openSubject, type EndToEndOptions } from './open-subject.js';

/** What was measured; keys as scripts read them. */
export interface EndToEndDocument extends BenchDocument {
  readonly network: string;
  readonly mode: string;
  /** `file` is null for a scene. */
  readonly image: { readonly file: string | null; readonly width: number; readonly height: number };
  /** Side of the windows in pixels. */
  readonly window: number;
  readonly windows: number;
  readonly batch_size: number;
  /** What the others are compared with. */
  readonly baseline: string;
  readonly table: readonly ComparedMethod[];
  readonly absent: readonly AbsentVariant[];
}

/** See `runBenchEndToEnd`. */
export async function runEndToEnd(options: EndToEndOptions, context: BenchContext): Promise<EndToEndDocument> {
  const subject = await openSubject(options);
  try {
    const { variants, absent: missing } = await listVariants(options);
    const cases: BenchCase[] = [];
    const absent: AbsentVariant[] = [...missing];
    for (const variant of variants) {
      context.reporter.message(`measuring ${nameVariant(variant)}`);
      try {
        for await (const measured of measureVariant(subject, { variant, options }, context)) cases.push(measured);
      } catch (error) {
        if (!(error instanceof HovernetError) || error.code === 'INTERRUPTED') throw error;
        absent.push({ engine: 'onnx', ...variant, reason: error.message });
      }
    }
    if (cases.length === 0) {
      const reasons = absent.map(({ provider, precision, reason }) =>
        precision === null ? `${provider}: ${reason}` : `${provider} ${precision}: ${reason}`,
      );
      throw new UnsupportedError(`bench end2end: expected a provider that runs, got ${reasons.join('; ')}`);
    }
    const { network, networkName, plan, windows, batchSize } = subject;
    return {
      name: 'end2end',
      cases,
      network: networkName,
      mode: network.config.mode,
      image: { file: options.imagePath ?? null, width: plan.imageWidth, height: plan.imageHeight },
      window: plan.size.input,
      windows,
      batch_size: batchSize,
      baseline: nameVariant(cases[0]!),
      table: compareVariants(cases),
      absent,
    };
  } finally {
    await subject.dispose();
  }
}

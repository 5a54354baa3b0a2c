// The benchmark of the bundle's TensorRT table: the network alone and from file to files, on everything that is here.
import { UnsupportedError } from '@hovernet/core';
import { isInputFailure } from '../../report/is-input-failure.js';
import type { WorkflowContext, WorkflowOutcome } from '../../workflow-context.js';
import type { BenchCase, BenchOptions } from '../bench-case.js';
import { compareVariants, formatVariants, nameVariant } from './compare-variants.js';
import { listVariants, type AbsentVariant } from './list-variants.js';
import { measureVariant } from './measure-variant.js';
import { openSubject } from './open-subject.js';

/**
 * Measures every provider and precision that this machine has, or those asked for, and lists the others with the reason.
 * @throws UnsupportedError where none can be measured; FileError, WeightsError or ShapeError for what is to be segmented.
 */
export async function runEndToEnd(options: BenchOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { subject: asked, preset, windowsPx } = options;
  const subject = await openSubject({ ...asked, preset, windowPx: windowsPx[0] });
  try {
    const { variants, absent: missing } = await listVariants(options);
    const cases: BenchCase[] = [];
    const absent: AbsentVariant[] = [...missing];
    for (const variant of variants) {
      context.reporter.message(`measuring ${nameVariant(variant)}`);
      try {
        for await (const measured of measureVariant(subject, { variant, options }, context)) cases.push(measured);
      } catch (error) {
        if (!isInputFailure(error)) throw error;
        absent.push({ engine: 'onnx', ...variant, reason: error.message });
      }
    }
    if (cases.length === 0) {
      throw new UnsupportedError(`bench end2end: expected a provider that runs, got ${listAbsent(absent).join('; ')}`);
    }
    const { network, networkName, plan, windows, batchSize } = subject;
    const image = { file: asked.imagePath ?? null, width: plan.imageWidth, height: plan.imageHeight };
    const { input } = plan.size;
    const title = `end2end: ${networkName}, ${image.width}×${image.height} px in ${windows} windows of ${input} px, ${batchSize} at once, ${cases[0]!.threads} threads`;
    return {
      document: {
        name: 'end2end',
        cases,
        network: networkName,
        mode: network.config.mode,
        image,
        window: input,
        windows,
        batch_size: batchSize,
        baseline: nameVariant(cases[0]!),
        table: compareVariants(cases),
        absent,
      },
      summary: [title, formatVariants(cases), ...listAbsent(absent).map((line) => `not here: ${line}`)].join('\n'),
    };
  } finally {
    await subject.dispose();
  }
}

function listAbsent(absent: readonly AbsentVariant[]): string[] {
  return absent.map(({ provider, precision, reason }) => `${provider}${precision ? ` ${precision}` : ''}: ${reason}`);
}

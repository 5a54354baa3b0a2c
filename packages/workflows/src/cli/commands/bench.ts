// `hovernet bench`: measured times.
import { Argument, Option } from 'commander';
import { ArgumentError } from '@hovernet/core';
import type { BenchName, BenchOptions } from '@hovernet/bench';
import type { WorkflowContext, WorkflowOutcome } from '../../workflow-context.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseCount, parsePositiveCount } from '../parse-number.js';

const names = [
  'forward',
  'train-step',
  'session',
  'postprocess',
  'metrics',
  'transforms',
  'prepare',
  'end2end',
] as const satisfies readonly (BenchName | 'end2end')[];

interface BenchFlags extends CommonFlags {
  readonly runs?: number;
  readonly preset?: BenchOptions['preset'];
  readonly threads: number;
  readonly provider: readonly string[];
  readonly precision?: BenchOptions['precision'];
  readonly window: readonly number[];
  readonly weights?: string;
  readonly image?: string;
  readonly size?: number;
  readonly sw_batch_size?: number;
}

export function addBenchCommand(host: CommandHost): void {
  host
    .add('bench')
    .description('measure the speed of one part')
    .addArgument(new Argument('<name>', 'what to measure').choices(names))
    .option('--runs <number>', 'measured runs of each case; 1 to 20 by default', parsePositiveCount)
    .addOption(new Option('--preset <name>', 'network to measure').choices(['base', 'lite', 'tiny']))
    .option('--threads <number>', 'threads of the engine; 0: one per processor', parseCount, 0)
    .option('--provider <names...>', 'execution providers, tried in order (cpu); end2end measures each (all)', [])
    .addOption(
      new Option('--precision <type>', 'precision of the network (float32); end2end: only this one (all)').choices([
        'float32',
        'mixed',
        'float16',
        'int8',
      ]),
    )
    .option('--window <pixels...>', 'sides of windows of the network; 256 by default', collectCounts, [])
    .option('--weights <file>', 'end2end: weights to measure, or lite-consep, instead of a preset with random weights')
    .option('--image <file>', 'end2end: PNG image to segment, instead of a synthetic scene')
    .option('--size <pixels>', 'end2end: side of the synthetic scene (1000)', parsePositiveCount)
    .option('--sw_batch_size <number>', 'end2end: windows in one batch (1)', parsePositiveCount)
    .action((name: (typeof names)[number], flags: BenchFlags) =>
      host.run(flags, (context) => measure(name, flags, context)),
    );
}

async function measure(
  name: (typeof names)[number],
  { runs, preset, threads, provider: providers, precision, window: windowsPx, ...subject }: BenchFlags,
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { weights, image, size, sw_batch_size: batchSize } = subject;
  const { runBench, runBenchEndToEnd } = await import('@hovernet/bench');
  const { formatBench, formatEndToEnd } = await import('../../report/format-bench.js');
  const { toConfigurationError } = await import('../../network/open-engine.js');
  const options = { runs, preset, threads, providers, precision, windowsPx };
  try {
    if (name !== 'end2end') {
      assertNoSubject(name, { weights, image, size, sw_batch_size: batchSize });
      const document = await runBench(name, options, context);
      return { document, summary: formatBench(document) };
    }
    assertOne({ preset, weights });
    assertOne({ size, image });
    const { findShippedWeights } = await import('../../network/choose-weights.js');
    const weightsPath = weights && (findShippedWeights(weights) ?? weights);
    const given = { weightsPath, networkName: weights, imagePath: image, sizePx: size, batchSize };
    const document = await runBenchEndToEnd({ ...options, ...given }, context);
    return { document, summary: formatEndToEnd(document) };
  } catch (error) {
    throw toConfigurationError(error);
  }
}

function assertNoSubject(name: BenchName, flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined);
  if (given) throw new ArgumentError(`bench ${name}: expected no --${given}, which is for end2end alone`);
}

function assertOne(flags: Readonly<Record<string, unknown>>): void {
  if (Object.values(flags).includes(undefined)) return;
  const names = Object.keys(flags).map((flag) => `--${flag}`);
  throw new ArgumentError(`bench end2end: expected one of ${names.join(' and ')}, got both`);
}

function collectCounts(text: string, former: readonly number[]): readonly number[] {
  return [...former, parseCount(text)];
}

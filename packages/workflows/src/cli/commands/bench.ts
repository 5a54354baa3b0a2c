// `hovernet bench`: measured times.
import { Argument, Option } from 'commander';
import type { BenchName } from '../../bench/run-bench.js';
import type { BenchOptions } from '../../bench/bench-case.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseCount, parsePositiveCount } from '../parse-count.js';

const names: readonly BenchName[] = [
  'forward',
  'train-step',
  'session',
  'postprocess',
  'metrics',
  'transforms',
  'prepare',
  'end2end',
];

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
    .action((name: BenchName, { runs, preset, threads, provider, precision, window, ...flags }: BenchFlags) =>
      host.run(flags, async (context) => {
        const { runBench } = await import('../../bench/run-bench.js');
        const { weights, image, size, sw_batch_size } = flags;
        const subject = { weightsPath: weights, imagePath: image, sizePx: size, batchSize: sw_batch_size };
        const options = { runs, preset, threads, providers: provider, precision, windowsPx: window, subject };
        return runBench(name, options, context);
      }),
    );
}

function collectCounts(text: string, former: readonly number[]): readonly number[] {
  return [...former, parseCount(text)];
}

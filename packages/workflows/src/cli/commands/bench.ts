// `hovernet bench`: measured times.
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { BenchName } from '../../bench/run-bench.js';
import type { BenchOptions } from '../../bench/bench-case.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseCount } from '../parse-count.js';

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
  readonly precision: BenchOptions['precision'];
  readonly window: readonly number[];
}

export function addBenchCommand(host: CommandHost): void {
  host
    .add('bench')
    .description('measure how long one part takes')
    .addArgument(new Argument('<name>', 'what to measure').choices(names))
    .option('--runs <number>', 'measured runs of each case; 1 to 20 by default', parseRuns)
    .addOption(new Option('--preset <name>', 'network to measure').choices(['base', 'lite', 'tiny']))
    .option('--threads <number>', 'threads of the engine; 0 for one a processor', parseCount, 0)
    .option('--provider <names...>', 'execution providers in the order in which they are tried', ['cpu'])
    .addOption(new Option('--precision <type>').choices(['float32', 'mixed', 'float16', 'int8']).default('float32'))
    .option('--window <pixels...>', 'sides of windows for the network; 256 by default', collectCounts, [])
    .action((name: BenchName, { runs, preset, threads, provider, precision, window, ...flags }: BenchFlags) =>
      host.run(flags, async (context) => {
        const { runBench } = await import('../../bench/run-bench.js');
        const options = { runs, preset, threads, providers: provider, precision, windowsPx: window };
        return runBench(name, options, context);
      }),
    );
}

function collectCounts(text: string, former: readonly number[]): readonly number[] {
  return [...former, parseCount(text)];
}

function parseRuns(text: string): number {
  const runs = parseCount(text);
  if (runs === 0) throw new InvalidArgumentError('Expected an integer of at least 1.');
  return runs;
}

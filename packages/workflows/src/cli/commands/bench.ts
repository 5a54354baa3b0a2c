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
}

export function addBenchCommand(host: CommandHost): void {
  host
    .add('bench')
    .description('measure how long one part takes')
    .addArgument(new Argument('<name>', 'what to measure').choices(names))
    .option('--runs <number>', 'measured runs of each case; 1 to 20 by default', parseRuns)
    .addOption(new Option('--preset <name>', 'network to measure').choices(['base', 'lite', 'tiny']))
    .option('--threads <number>', 'threads of the engine; 0 for one a processor', parseCount, 0)
    .action((name: BenchName, { runs, preset, threads, ...flags }: BenchFlags) =>
      host.run(flags, async (context) => {
        const { runBench } = await import('../../bench/run-bench.js');
        return runBench(name, { runs, preset, threads }, context);
      }),
    );
}

function parseRuns(text: string): number {
  const runs = parseCount(text);
  if (runs === 0) throw new InvalidArgumentError('Expected an integer of at least 1.');
  return runs;
}

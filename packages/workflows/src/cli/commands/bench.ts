// `hovernet bench`: measured times.
import { Argument } from 'commander';
import type { BenchName } from '../../bench/run-bench.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';

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

export function addBenchCommand(host: CommandHost): void {
  host
    .add('bench')
    .description('measure how long one part takes')
    .addArgument(new Argument('<name>', 'what to measure').choices(names))
    .action((name: BenchName, flags: CommonFlags) =>
      host.run(flags, async () => (await import('../../bench/run-bench.js')).runBench(name)),
    );
}

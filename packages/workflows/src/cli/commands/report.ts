// `hovernet report`: a folder of results as pages.
import { Argument } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';

interface ReportFlags extends CommonFlags {
  readonly images?: string;
}

export function addReportCommand(host: CommandHost): void {
  host
    .add('report')
    .description('write a page for each result of a folder, and one that lists them with the scores of an evaluation')
    .addArgument(new Argument('<run>', 'output folder of infer or evaluate'))
    .option('--images <folder>', 'the images, by their names; pages show outlines alone by default')
    .action((run: string, { images, ...flags }: ReportFlags) =>
      host.run(flags, async (context) => {
        const { runReport } = await import('../../results/run-report.js');
        return runReport({ folder: run, imagesFolder: images }, context);
      }),
    );
}

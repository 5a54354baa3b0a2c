// `hovernet convert`: results into other formats.
import { Argument } from 'commander';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parsePositive } from '../parse-number.js';

interface ConvertFlags extends CommonFlags {
  readonly to: string;
  readonly out?: string;
  readonly image?: string;
  readonly mpp?: number;
  readonly taxonomy?: string;
}

export function addConvertCommand(host: CommandHost): void {
  host
    .add('convert')
    .description('write the nuclei of a result in other formats')
    .addArgument(
      new Argument(
        '<result>',
        'file of nuclei: .json, .geojson, .geojsonl, .csv, .tsv, .mat, .tif, .npy, also with .gz',
      ),
    )
    .requiredOption('--to <formats>', 'formats of infer --outputs, separated by commas; html is report')
    .option('--out <path>', 'file of the one format, or folder; beside the result by default')
    .option('--image <file>', 'the image, for formats that show or measure it')
    .option('--mpp <um>', 'micrometres per pixel, if the result does not say', parsePositive)
    .option('--taxonomy <name>', 'names and colours of the classes, if the result does not say')
    .action((resultPath: string, { to, out, image, mpp, taxonomy, ...flags }: ConvertFlags) =>
      host.run(flags, async (context) => {
        const { runConvert } = await import('../../results/run-convert.js');
        return runConvert(
          {
            resultPath,
            formats: to.split(',').map((name) => (name === 'html' ? 'report' : name)),
            out,
            imagePath: image,
            mpp,
            taxonomy,
          },
          context,
        );
      }),
    );
}

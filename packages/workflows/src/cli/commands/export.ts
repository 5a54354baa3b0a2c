// `hovernet export`: weights for another runtime.
import { Option } from 'commander';
import type { ExportPrecision, ExportTarget } from '../../export/export-weights.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseCount } from '../parse-number.js';

interface ExportFlags extends CommonFlags {
  readonly weights: string;
  readonly to: ExportTarget;
  readonly out: string;
  readonly precision: ExportPrecision;
  readonly window?: number;
  readonly dynamic_batch?: boolean;
  readonly dynamic_size?: boolean;
  readonly calibration?: string;
  readonly license?: string;
}

const TARGETS: readonly ExportTarget[] = ['onnx', 'safetensors', 'monai', 'monai-model', 'original', 'tfjs'];

export function addExportCommand(host: CommandHost): void {
  host
    .add('export')
    .description('convert weights for another runtime or implementation')
    .requiredOption(
      '--weights <file>',
      'weights to read: safetensors, PyTorch files of MONAI or the original repository, or model.json of a tfjs export',
    )
    .addOption(new Option('--to <format>').choices(TARGETS).makeOptionMandatory())
    .requiredOption('--out <path>', 'file to write; for tfjs a folder')
    .addOption(new Option('--precision <type>').choices(['float32', 'float16', 'int8']).default('float32'))
    .option('--window <pixels>', "side of an onnx model's input; the network's own by default", parseCount)
    .option('--dynamic_batch', 'onnx: accept any number of windows at once')
    .option('--dynamic_size', 'onnx: accept windows of any height and width that fit the network')
    .option('--calibration <images>', 'int8: file, folder or glob of images to measure ranges on')
    .option(
      '--license <name>',
      'licence to store in the file, an SPDX identifier or an address; that of the weights by default',
    )
    .action((flags: ExportFlags) =>
      host.run(flags, async (context) => {
        const { exportWeights } = await import('../../export/export-weights.js');
        const {
          weights,
          to,
          out,
          precision,
          window,
          dynamic_batch = false,
          dynamic_size = false,
          calibration,
          license,
        } = flags;
        const files = { weightsPath: weights, outputPath: out };
        return exportWeights(
          {
            ...files,
            target: to,
            precision,
            windowPx: window,
            dynamicBatch: dynamic_batch,
            dynamicSize: dynamic_size,
            calibration,
            license,
          },
          context,
        );
      }),
    );
}

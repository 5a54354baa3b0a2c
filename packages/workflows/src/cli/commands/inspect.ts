// `hovernet inspect`: what is in a file, or what a network is made of.
import { ArgumentError, referenceNames, toReference } from '@hovernet/core';
import type { NetworkMode, PresetName } from '@hovernet/model';
import { Option } from 'commander';
import type { WorkflowOutcome } from '../../workflow-context.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseCount } from '../parse-number.js';

interface InspectFlags extends CommonFlags {
  /** True where no preset is named. */
  readonly model?: PresetName | true;
  readonly mode?: NetworkMode;
  readonly compat?: (typeof referenceNames)[number];
  readonly out_classes?: number;
  readonly window?: number;
}

export function addInspectCommand(host: CommandHost): void {
  host
    .add('inspect')
    .description(
      'list the arrays of a file with names, types, shapes, ranges and sums; or with --model the stages of a network',
    )
    .argument('[file]', ".mat, .npy, .npz, .png, .jpg, .tif, .safetensors, or PyTorch's .pt, .pth or .tar")
    .addOption(
      new Option(
        '--model [preset]',
        'describe this network instead, or with a file the network of the weights',
      ).choices(['base', 'lite', 'tiny']),
    )
    .addOption(new Option('--mode <mode>', "of the preset's network").choices(['fast', 'original']))
    .addOption(new Option('--compat <graph>', "of the preset's network").choices(referenceNames))
    .option('--out_classes <number>', "of the preset's network, background included; 0 for no type branch", parseCount)
    .option('--window <pixels>', "side of the network's window; 256 by default, 270 in original mode", parseCount)
    .action((file: string | undefined, flags: InspectFlags) =>
      host.run(flags, () => (flags.model === undefined ? inspectFile(file) : inspectModel(file, flags))),
    );
}

async function inspectModel(weightsPath: string | undefined, flags: InspectFlags): Promise<WorkflowOutcome> {
  const { model, mode, compat, out_classes: outClasses, window: windowPx } = flags;
  const { describeNetwork } = await import('../../inspect/describe-network.js');
  const reference = compat && toReference(compat);
  const given = Object.entries({ mode, reference, outClasses }).filter(([, value]) => value !== undefined);
  const options = { ...(typeof model === 'string' && { preset: model }), ...Object.fromEntries(given) };
  return describeNetwork({ weightsPath, options, windowPx });
}

async function inspectFile(file: string | undefined): Promise<WorkflowOutcome> {
  if (file === undefined) throw new ArgumentError('inspect: expected a file, or --model for a network, got neither');
  const { listArrays } = await import('@hovernet/files/node');
  const { formatTable } = await import('../../report/format-table.js');
  const content = await listArrays(file);
  const rows = content.arrays.map(({ name, dtype, shape, min, max, sum }) => {
    return [name, dtype, `[${shape.join(', ')}]`, min, max, sum];
  });
  return { document: content, summary: formatTable(['name', 'dtype', 'shape', 'min', 'max', 'sum'], rows) };
}

// `hovernet prepare`: labelled tiles to training patches, with the flags of the bundle's script.
import { Option } from 'commander';
import type { JsonValue } from '../../config/json.js';
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parseFileList } from '../configuration-arguments.js';
import { parseCount, parseShare } from '../parse-number.js';

interface PrepareFlags extends CommonFlags {
  readonly config_file?: string;
  readonly taxonomy?: string;
  readonly root?: string;
  readonly layout?: string;
  readonly out?: string;
  readonly phase?: string[];
  readonly validation_fraction?: number;
  readonly type?: string;
  readonly is?: string;
  readonly ls?: string;
  readonly ps?: string[];
  readonly ss?: string[];
  readonly format?: string;
  readonly strict?: boolean;
  readonly jobs?: number;
}

export function addPrepareCommand(host: CommandHost): void {
  host
    .add('prepare')
    .description('cut the labelled tiles of a data set into training patches')
    .option('--root <folder>', 'folder of the data set')
    .addOption(
      new Option(
        '--layout <name>',
        'arrangement of the files: consep (default) as FOLDER/PHASE/Images and FOLDER/PHASE/Labels; geojson and labels the same with annotations or label images; others as published',
      ).choices(['consep', 'pannuke', 'lizard', 'nucls', 'geojson', 'labels']),
    )
    .option('--out <folder>', 'output folder; ROOT/Prepared by default')
    .option(
      '--phase <names...>',
      "phases, each NAME or NAME=SOURCE,SOURCE ('Train=Fold 1,Fold 2'); the layout's Train and Test by default",
    )
    .option(
      '--validation_fraction <share>',
      'share of the tiles of Train that become a phase Validation, on which training chooses; 0 by default',
      parseShare,
    )
    .addOption(new Option('--type <rule>', 'how to treat borders; mirror by default').choices(['mirror', 'valid']))
    .option('--is <suffix>', 'suffix of images; png by default')
    .option('--ls <suffix>', 'suffix of labels; mat by default')
    .option('--ps <pixels...>', 'height and width of a patch; 540 540 by default')
    .option('--ss <pixels...>', 'rows and columns from one patch to the next; 164 164 by default')
    .addOption(
      new Option(
        '--format <name>',
        'npy writes patches as the bundle; raw and npz (compressed) write whole tiles; npy by default',
      )
        // Not imported from the data package: help must not load it.
        .choices(['npy', 'npz', 'raw']),
    )
    .option('--strict', 'refuse labels that cannot be right, which are only reported otherwise')
    .option('--jobs <number>', 'tiles to process in parallel; 0, the default: one per processor', parseCount)
    .option('--taxonomy <name>', "classes of the labels: a name or a .json file; the layout's by default")
    .option('--config_file <files>', 'configuration files with a prepare section; flags override it')
    .action((flags: PrepareFlags) =>
      host.run(flags, async (context) => {
        const { loadConfiguration } = await import('../../config/load-configuration.js');
        const { packagedFile } = await import('../../config/load-document.js');
        const files = [packagedFile('train'), ...(await parseFileList(flags.config_file))];
        const config = await loadConfiguration({ files, overrides: await toOverrides(flags) });
        return (await import('../../prepare/run-preparation.js')).runPreparation(config, context);
      }),
    );
}

async function toOverrides(flags: PrepareFlags): Promise<[id: string, value: JsonValue][]> {
  const { parseLiteral } = await import('../../config/parse-literal.js');
  const { root, layout, out, phase, validation_fraction, type, is, ls, ps, ss, format, strict, jobs } = flags;
  const { taxonomyOfLayout } = await import('@hovernet/data');
  // Type ids mean what the layout's data set says, unless a configuration file says more.
  const known = layout === undefined || flags.config_file !== undefined ? undefined : taxonomyOfLayout(layout);
  const taxonomy = flags.taxonomy ?? known;
  const section = {
    root,
    layout,
    out,
    phase,
    validation_fraction,
    type,
    is,
    ls,
    ps: ps?.map(parseLiteral),
    ss: ss?.map(parseLiteral),
    format,
    strict,
    jobs,
  };
  const overrides = Object.entries(section).map(([name, value]) => [`prepare#${name}`, value] as const);
  const given = [['taxonomy', taxonomy] as const, ...overrides].filter(([, value]) => value !== undefined);
  return given as [string, JsonValue][];
}

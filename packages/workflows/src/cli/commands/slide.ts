// `hovernet slide`: what a slide is.
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';
import { parsePositive } from '../parse-number.js';

interface SlideFlags extends CommonFlags {
  readonly out?: string;
  readonly mpp?: number;
}

export function addSlideCommand(host: CommandHost): void {
  host
    .add('slide')
    .description('print format, levels, resolution and tissue area of a slide, and write pictures of it')
    .argument('<slide>', 'SVS, TIFF, OME-TIFF, DICOM (a file or the folder of a series), or an address of one')
    .option('--out <folder>', 'write NAME_thumbnail.png and NAME_tissue.png, white where tissue is, to this folder')
    .option(
      '--mpp <um>',
      'resolution in micrometres per pixel, where the file states none or a wrong one',
      parsePositive,
    )
    .action((slide: string, { out, mpp, ...flags }: SlideFlags) =>
      host.run(flags, async ({ signal }) => {
        const { describeSlide } = await import('../../slides/describe-slide.js');
        return describeSlide(slide, { out, mpp, signal });
      }),
    );
}

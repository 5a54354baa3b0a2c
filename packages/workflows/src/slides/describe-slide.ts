// What a slide is: levels, resolution, tissue; and pictures of it.
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createRgbImage, type RgbImage } from '@hovernet/core';
import { writePng } from '@hovernet/files/node';
import {
  findTissue,
  openSlide,
  readOverview,
  tissueShare,
  type SlideReader,
  type TissueMask,
} from '@hovernet/slides/node';
import { formatTable } from '../report/format-table.js';
import type { WorkflowOutcome } from '../workflow-context.js';

export interface DescribeSlideOptions {
  /** Folder of the pictures. @default none are written */
  readonly out?: string | undefined;
  /** Micrometres per pixel. @default what the file states */
  readonly mpp?: number | undefined;
  readonly signal: AbortSignal;
}

/** Longer side of the thumbnail, in pixels. */
const thumbnailPx = 1024;

/** Throws as `openSlide` and `readRegion`. */
export async function describeSlide(
  path: string,
  { out, mpp: given, signal }: DescribeSlideOptions,
): Promise<WorkflowOutcome> {
  const slide = await openSlide(path, { signal });
  try {
    const mpp = given === undefined ? slide.mpp : ([given, given] as const);
    const mask = await findTissue(slide, { slideMpp: given, signal });
    const [{ width, height }] = slide.levels as [SlideReader['levels'][number]];
    const share = tissueShare(mask);
    const areaMm2 = mpp && (share * width * mpp[0] * height * mpp[1]) / 1e6;
    const files = out === undefined ? [] : await writePictures(slide, mask, { path, out, signal });
    const document = {
      format: slide.format,
      vendor: slide.vendor,
      levels: slide.levels.map(({ tilePx, ...level }) => ({ ...level, tile: tilePx })),
      mpp,
      tissue_mm2: areaMm2,
      associated: slide.associated,
      files,
    };
    const rows = slide.levels.map((level, index) => {
      return [String(index), level.width, level.height, level.downsample, level.tilePx.join(' × ')];
    });
    const lines = [
      `${path}: ${slide.format}${slide.vendor === null ? '' : `, ${slide.vendor}`}`,
      mpp ? `resolution: ${mpp[0]} × ${mpp[1]} µm per pixel` : 'resolution: not stated; give --mpp',
      `tissue: ${(100 * share).toFixed(1)} % of the area${areaMm2 === null ? '' : `, ${areaMm2.toFixed(2)} mm²`}`,
      `pictures: ${slide.associated.join(', ') || 'none'}`,
      formatTable(['level', 'width', 'height', 'downsample', 'tile'], rows),
      ...files,
    ];
    return { document, summary: lines.join('\n') };
  } finally {
    await slide.close();
  }
}

interface PictureOptions {
  readonly path: string;
  readonly out: string;
  readonly signal: AbortSignal;
}

async function writePictures(slide: SlideReader, mask: TissueMask, { path, out, signal }: PictureOptions) {
  await mkdir(out, { recursive: true });
  const name = basename(path).replace(/\.[^.]+$/, '');
  const [{ width, height }] = slide.levels as [SlideReader['levels'][number]];
  const scale = Math.min(1, thumbnailPx / Math.max(width, height));
  const size = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))] as const;
  const files = [join(out, `${name}_thumbnail.png`), join(out, `${name}_tissue.png`)] as const;
  await writePng(files[0], await readOverview(slide, size, signal));
  await writePng(files[1], toPicture(mask));
  return files;
}

function toPicture({ width, height, data }: TissueMask): RgbImage {
  return createRgbImage(
    height,
    width,
    Uint8Array.from({ length: 3 * data.length }, (_, i) => 255 * data[Math.floor(i / 3)]!),
  );
}

// How images and slides are cut: windows for the network, cells for post-processing.
import type { GridSpec } from '@hovernet/core';
import type { HoverNetConfig } from '@hovernet/model';
import { outputSize } from '@hovernet/model/architecture';
import { planWindows, type WindowPlan } from '@hovernet/transforms';
import { planCells, type CellPlan } from './cells/plan-cells.js';
import { chooseWindows, estimateWindowBytes, type WindowChoice } from './windows/choose-window.js';
import { usableOutput } from './windows/usable-output.js';

/** How an image is cut. */
export interface ImagePlan {
  readonly grid: GridSpec;
  readonly windows: WindowPlan;
  readonly cells: CellPlan;
}

export interface ImagePlanOptions {
  /** Side of the windows in pixels; a function chooses it for each image. @default the network's own: see {@link defaultWindow} */
  readonly windowPx?: number | WindowChoice | undefined;
  /** Longest side of a cell's core; null for one cell. @default 2048 */
  readonly cellPx?: number | null | undefined;
  /** Pixels around a core. @default 128 */
  readonly haloPx?: number | undefined;
}

/** The references' window, of which both modes keep the centre. */
const standardWindowPx = { fast: 256, original: 270 } as const;
/** Windows of networks of half resolution are at most this large, so that an image is cut alike on every machine. */
const largestWindowPx = 1024;
/** A padded network sees zeros beyond a window's border: from this far inside on its output does not depend on the window. */
const latticeMarginPx = 128;
const defaultCellPx = 2048;
const defaultHaloPx = 128;
const slideCellPx = 1024;

/** Side of the network's standard window in pixels. */
export function standardWindow({ mode }: HoverNetConfig): number {
  return standardWindowPx[mode];
}

/**
 * The window of an image unless another is given: the references'; for networks of half resolution the window of at most
 * 1,024 px with which they compute fewest pixels. It depends on nothing but the network and the image's size.
 */
export function defaultWindow(config: HoverNetConfig): number | WindowChoice {
  const standardPx = standardWindow(config);
  if (config.stemStride === 1) return standardPx;
  return chooseWindows(config, estimateWindowBytes(config, largestWindowPx), standardPx);
}

/**
 * Windows side by side, the last ones moved back to end with the image, and cells of about equal size.
 * @throws ShapeError if the window does not fit the network; ArgumentError for an empty image.
 */
export function planImage(
  config: HoverNetConfig,
  { height, width }: { readonly height: number; readonly width: number },
  options: ImagePlanOptions = {},
): ImagePlan {
  const { windowPx = defaultWindow(config), cellPx = defaultCellPx, haloPx = defaultHaloPx } = options;
  const input = typeof windowPx === 'number' ? windowPx : windowPx(height, width);
  const size = usableOutput(config, input, Math.max(height, width));
  return {
    grid: { windowPx: size.input, keepPx: size.output, cellPx: cellPx ?? Math.max(height, width), haloPx },
    windows: planWindows(height, width, size),
    cells: planCells(height, width, { cellPx, haloPx }),
  };
}

/** The grid of slides unless another is given; `windowPx` is the only window of a network that runs no other. */
export function slideGrid(
  config: HoverNetConfig,
  windowPx = config.stemStride === 2 ? largestWindowPx : standardWindow(config),
): GridSpec {
  const whole = outputSize(config, windowPx);
  // An eighth of a small window, as much as of the large one.
  const keepPx = config.decoderPadding ? whole - 2 * Math.min(latticeMarginPx, windowPx / 8) : whole;
  return { windowPx, keepPx, cellPx: slideCellPx, haloPx: defaultHaloPx };
}

/** Windows and cells on a fixed lattice from (0, 0): each pixel comes from one window, wherever the slide is cut or ends. */
export function planSlide(
  { height, width }: { readonly height: number; readonly width: number },
  grid: GridSpec,
): ImagePlan {
  const starts = (length: number) =>
    Array.from({ length: Math.ceil(length / grid.keepPx) }, (_, index) => index * grid.keepPx);
  return {
    grid,
    windows: {
      size: { input: grid.windowPx, output: grid.keepPx },
      imageHeight: height,
      imageWidth: width,
      rowStarts: starts(height),
      columnStarts: starts(width),
    },
    cells: planCells(height, width, { cellPx: grid.cellPx, haloPx: grid.haloPx, division: 'lattice' }),
  };
}

// Slides as images: the pixels of their largest level, and the slide at the resolution of a network.
import type { ImageSource, RegionSource } from '@hovernet/core';
import { openRegionSource, type SlideReader } from '@hovernet/slides';

/** An image that reads itself at other resolutions, and knows where it shows tissue. */
export interface SlideSource extends ImageSource {
  /**
   * The slide at `mpp`; `ownMpp` is that of its largest level where the file does not say it. Closing it leaves the slide open.
   * @throws ArgumentError where nobody says the slide's own resolution.
   */
  atResolution(mpp: number, ownMpp: number | null): Promise<RegionSource>;
}

/** Pictures of one level and no more pixels are images, whatever their format. */
const imagePx = 2 ** 26;

/** Whether a file is to be segmented as a slide: on a lattice, and never in memory as a whole. */
export function isSlide({ format, levels }: SlideReader): boolean {
  if (format === 'svs' || format === 'dicom' || levels.length > 1) return true;
  return levels[0]!.width * levels[0]!.height > imagePx;
}

export function isSlideSource(source: ImageSource): source is SlideSource {
  return 'atResolution' in source;
}

/** The largest level of `slide`; closing it closes `slide`. */
export function createLevelSource(slide: SlideReader): ImageSource {
  const { width, height } = slide.levels[0]!;
  return {
    width,
    height,
    mpp: slide.mpp && (slide.mpp[0] + slide.mpp[1]) / 2,
    read: (box, signal) => slide.readRegion(0, box, signal),
    close: () => slide.close(),
  };
}

/** `slide` as an image; closing it closes `slide`. */
export function createSlideSource(slide: SlideReader): SlideSource {
  return {
    ...createLevelSource(slide),
    atResolution: (mpp, ownMpp) =>
      openRegionSource(slide, { mpp, ...(slide.mpp === null && ownMpp !== null && { slideMpp: ownMpp }) }),
  };
}

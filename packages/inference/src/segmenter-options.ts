// What callers of a segmenter say and get.
import type {
  GridSpec,
  ImageSource,
  NucleiSink,
  NucleusClass,
  Provenance,
  RgbImage,
  Segmentation,
} from '@hovernet/core';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import type { StainGain, WindowPadding } from '@hovernet/transforms';
import type { CellJournal } from './journal/cell-journal.js';
import type { ImagePlanOptions } from './plan-image.js';
import type { StainSummary } from './sources/stain-source.js';
import type { ViewSet } from './windows/views.js';

/** Pixels as decoders give them: `ImageData` of a canvas, `PNG` of pngjs, raw buffers; 3 or 4 values a pixel, alpha ignored. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Images that need no decoding. The caller closes a source that it opened. */
export type DecodedImage = RgbImage | PixelImage | ImageSource;

/** How far an image is. */
export interface SegmentProgress {
  /** Windows of the network: those without tissue, and those of cells that a journal had, do not count. */
  readonly done: number;
  readonly total: number;
  /** What the windows that are done add to the result, in µm²; null where the resolution is unknown. */
  readonly doneUm2: number | null;
  /** Cells whose nuclei are with the sinks. */
  readonly cells: number;
  readonly totalCells: number;
  /** Found so far. */
  readonly nuclei: number;
}

/** Called as windows of an image are done. */
export type OnProgress = (progress: SegmentProgress) => void;

/** Options that change results; a result depends on them, the weights and the image, and on nothing of the machine. */
export interface SegmentationOptions extends ImagePlanOptions {
  /** Micrometres per pixel of images that do not say it themselves; null where unknown. @default null */
  readonly mpp?: number | null | undefined;
  /** Resample images whose resolution is known and differs from that of the weights. @default true */
  readonly resample?: boolean | undefined;
  /** Added to what the weights ask for. @default the weights', else the defaults of `segmentNuclei` */
  readonly postprocess?: Omit<SegmentNucleiOptions, 'keepReferenceIds'> | undefined;
  /**
   * How far the optical density of an image's stains is brought towards that of the images that the weights were trained on, by
   * one factor a channel for the whole image. Nothing happens where the weights do not state it. @default 'half'
   */
  readonly stainGain?: StainGain | undefined;
  /** Views of each window whose outputs are averaged. @default 'none' */
  readonly views?: ViewSet | undefined;
  /** What surrounds an image. @default 'mirror' for networks of half resolution, else 'zero' */
  readonly padding?: WindowPadding | undefined;
  /** Windows that go through the network at once; results do not depend on it. @default 1 */
  readonly batchSize?: number | undefined;
}

export interface SegmentOptions {
  /** Micrometres per pixel of this image, where it does not say it itself. @default that of the segmenter's options */
  readonly mpp?: number | null | undefined;
  /** @default that of the segmenter's options */
  readonly onProgress?: OnProgress | undefined;
  /** Aborted to stop between windows. */
  readonly signal?: AbortSignal | undefined;
}

export interface SegmentSlideOptions extends SegmentOptions {
  /** Where the nuclei go. */
  readonly sinks: readonly NucleiSink[];
  /**
   * Windows and cells on a fixed lattice, post-processed with `normalization: 'fixed'`; `image`: as `segment` does an image;
   * `auto`: slides on the lattice, other images as `segment` does.
   * @default 1,024 px windows of which 768 count for networks of half resolution, the references' windows for others
   */
  readonly grid?: GridSpec | 'image' | 'auto' | undefined;
  /**
   * Where the cells of the lattice are kept until the result is written: after an interruption, however hard, the same call goes
   * on with them. In Node: `createFolderJournal`. Sinks that need raw maps go without. @default none
   */
  readonly journal?: CellJournal | undefined;
}

/** What became of an image. */
export interface ImageSummary {
  readonly width: number;
  readonly height: number;
  /** Micrometres per pixel of the image; null where unknown. */
  readonly mpp: number | null;
  /** Resolution in micrometres per pixel to which the image was resampled for the network; null where it was not. */
  readonly resampledTo: number | null;
  /** Stains of the image and what was done about them; null without tissue, and where the weights do not state theirs. */
  readonly stains: StainSummary | null;
  /** A sentence for everything in which the image differs too much from what the weights know, with its remedy. */
  readonly warnings: readonly string[];
}

/** What became of a slide. */
export interface SlideSummary extends ImageSummary {
  /** Number of nuclei found. */
  readonly count: number;
  /** Cells that an interrupted run left in the journal. */
  readonly resumedCells: number;
  /** Nuclei in groups that go on beyond what their cell saw: cells of another size might divide these differently. */
  readonly beyondHalo: number;
}

/** The nuclei of an image and its maps, in the image's own pixels. */
export interface SegmentedNuclei extends Segmentation, ImageSummary {}

/**
 * Finds nuclei with one network. Calls may overlap: images take turns in the network, in the order of the calls, and one is
 * post-processed and written while the next is in the network.
 */
export interface Segmenter<Image> {
  /** The network's classes; empty without types. */
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images that the weights were trained on; null where unknown. */
  readonly mpp: number | null;
  readonly weights: Provenance['weights'];
  /**
   * The nuclei of an image, in memory.
   * @throws FileError for an image that cannot be read; HovernetError INTERRUPTED when `signal` is aborted.
   */
  segment(image: Image, options?: SegmentOptions): Promise<SegmentedNuclei>;
  /**
   * The nuclei of an image of any size into sinks, in bounded memory.
   * @throws as `segment`, and what the sinks throw; every sink is aborted then.
   */
  segmentSlide(image: Image, options: SegmentSlideOptions): Promise<SlideSummary>;
  /** Ends threads and frees memory; work under way fails. */
  close(): Promise<void>;
}

// What both entries export.
export type {
  Cell,
  GridSpec,
  ImageSource,
  NucleiSink,
  NucleusTable,
  Provenance,
  RegionSource,
  ResultInfo,
  SegmentedImage,
} from '@hovernet/core';
export type { CellJournal } from './journal/cell-journal.js';
export type {
  DecodedImage,
  ImageSummary,
  OnProgress,
  PixelImage,
  SegmentationOptions,
  SegmentedNuclei,
  Segmenter,
  SegmentOptions,
  SegmentProgress,
  SegmentSlideOptions,
  SlideSummary,
} from './segmenter-options.js';
export { createMemorySource } from './sources/memory-source.js';
export type { StainSummary } from './sources/stain-source.js';

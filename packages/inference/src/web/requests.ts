// What a page asks of its worker, and the worker of the page.
import type { Box, NucleusTable, Provenance, ResultInfo, SegmentedImage } from '@hovernet/core';
import type { SegmentationOptions, SegmentSlideOptions } from '../segmenter-options.js';
import type { WebImage } from './decode-image.js';

/** How the page opens its segmenter. */
export interface WorkerOptions {
  readonly network: WebNetworkOptions;
  readonly segmentation: SegmentationOptions;
}

export interface WebNetworkOptions {
  /** Address of an ONNX model of this project, or its bytes. */
  readonly weights: string | Uint8Array;
  /** Execution providers of ONNX Runtime Web in the order in which they are tried. */
  readonly providers: readonly ('webgpu' | 'wasm')[];
  /** Threads of wasm; undefined for one a processor. */
  readonly threads?: number | undefined;
}

/** An image on its way to the worker. */
export type PackedImage =
  | { readonly kind: 'encoded'; readonly image: WebImage }
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number; readonly data: Uint8Array }
  | { readonly kind: 'source'; readonly width: number; readonly height: number; readonly mpp: number | null };

/** One call of `segment` or `segmentSlide`. */
export interface ImageRequest {
  /** Names the call in {@link PageCalls} and {@link WorkerCalls}. */
  readonly id: number;
  readonly image: PackedImage;
  readonly mpp?: number | null | undefined;
}

export interface SlideRequest extends ImageRequest {
  readonly grid: SegmentSlideOptions['grid'];
  readonly hasSinks: boolean;
  readonly needsRawMaps: boolean;
}

/** What the page tells of itself once it is open. */
export interface OpenedWorker {
  readonly classes: ResultInfo['classes'];
  readonly mpp: number | null;
  readonly weights: Provenance['weights'];
  readonly provider: string;
}

/** A result without its functions; the page asks for the rest. */
export interface PackedResult extends ResultInfo {
  readonly count: number;
  /** Class by id. */
  readonly types: Uint8Array;
  readonly rawMaps: SegmentedImage['rawMaps'];
}

/** A table of a result: the next one, or the nuclei of some rows. */
export type TableRequest = { readonly index: number } | { readonly rows: readonly [y0: number, y1: number] };
export type TableAnswer = NucleusTable | null;
export type LabelsRequest = Box;

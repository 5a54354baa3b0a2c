// What is made of an image cell by cell, and where it goes.
import type { ImageSource } from './image-source.js';
import type { LabelMap, RawMaps } from './maps.js';
import type { Box, NucleusClass } from './nucleus.js';
import type { NucleusTable } from './nucleus-table.js';

/** How an image is cut: part of a result's provenance, because results depend on it. All in pixels. */
export interface GridSpec {
  /** Side of the windows that the network sees. */
  readonly windowPx: number;
  /** Side of the centre of a window that counts; the distance from window to window. */
  readonly keepPx: number;
  /** Longest side of the cells that are post-processed. */
  readonly cellPx: number;
  /** What is seen around a cell. */
  readonly haloPx: number;
}

/** A part of an image that is post-processed at once. */
export interface Cell {
  /** Its number, row by row. */
  readonly index: number;
  /** The part of the image that is the cell's own. */
  readonly core: Box;
  /** The core and the halo around it, cut off at the image's border. */
  readonly seen: Box;
}

/** What is known of a result before its first nucleus. */
export interface ResultInfo {
  /** Pixels of the image that coordinates refer to. */
  readonly width: number;
  readonly height: number;
  /** Micrometres per pixel of that image; null where unknown. */
  readonly mpp: number | null;
  readonly classes: readonly NucleusClass[];
  /** Whether the network has a type branch. */
  readonly isTyped: boolean;
  /** Number of cells. */
  readonly cells: number;
}

/** Where a result comes from: everything that it depends on. */
export interface Provenance {
  /** Name and SHA-256 of the weights' file; null where it was not read from bytes. */
  readonly weights: { readonly name: string; readonly sha256: string | null };
  /** The image's file, where it was read from one. */
  readonly source?: { readonly name: string; readonly sha256: string } | undefined;
  /** Hash of all settings that decide the result, where they came from a configuration. */
  readonly settings?: string | undefined;
  readonly grid: GridSpec;
  /** Post-processing and the other options that change results. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The nuclei of a whole image, some at a time. */
export interface NucleusReader {
  readonly count: number;
  /** All nuclei, ascending by id. */
  tables(): AsyncIterable<NucleusTable>;
  /** Nuclei, ascending by id, whose boxes meet the rows from `y0` to before `y1`. */
  inRows(y0: number, y1: number): Promise<NucleusTable>;
  /** Class of each of `ids`; 0 for 0, and where there is none. */
  typesOf(ids: Int32Array): Uint8Array;
}

/** A whole segmented image. */
export interface SegmentedImage extends ResultInfo {
  readonly image: ImageSource;
  /** false where nobody knows the image's pixels, as of results that were read from a file. @default true */
  readonly hasImage?: boolean | undefined;
  readonly nuclei: NucleusReader;
  /** Ids of the nuclei on the pixels of `box`. */
  readLabels(box: Box): Promise<LabelMap>;
  /** The network's maps of the whole image, where they were asked for; at the network's resolution where that is another. */
  readonly rawMaps?: RawMaps | undefined;
}

/** Takes the nuclei of an image, cell by cell. Calls come one after the other. */
export interface NucleiSink {
  /** Whether the network's maps of the whole image are kept, in memory, for `finish`. @default false */
  readonly needsRawMaps?: boolean;
  begin(info: ResultInfo): Promise<void>;
  /** Cells that the sink has from an interrupted run of the same job and does not want again. */
  committed(): Promise<ReadonlySet<number>>;
  /** Takes the nuclei that `cell` owns; ids ascend over all cells. */
  commit(cell: Cell, nuclei: NucleusTable): Promise<void>;
  /** Every cell is committed: the sink writes what it still holds and closes its files. */
  finish(result: SegmentedImage, provenance: Provenance): Promise<void>;
  /** The run failed or was interrupted: the sink leaves no half-written file. */
  abort(): Promise<void>;
}

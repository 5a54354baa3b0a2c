// What a format of results is: everything that commands, pages and documents need to offer it.
import type { Provenance, SegmentedImage } from '@hovernet/core';

/** The content of a file in parts; text is UTF-8. */
export type EncodedFile = AsyncIterable<Uint8Array | string>;

/** Where a result comes from. */
export interface ResultOrigin {
  /** Name of the image. */
  readonly name: string;
  /** null where it is not known, as of results that were read from a file. */
  readonly provenance: Provenance | null;
}

/** One file of a format. */
export interface FormatFile {
  /** What it holds, as it is called in JSON documents: unique over all formats. */
  readonly name: string;
  /** Follows the image's name. */
  readonly ending: string;
  /** Written only for networks with a type branch. @default false */
  readonly needsTypes?: boolean;
  /**
   * The content, some rows at a time. Encoders are loaded when they are needed: listing formats costs nothing.
   * @throws UnsupportedError, while it is read, where the format cannot hold the result
   */
  readonly encode: (image: SegmentedImage, origin: ResultOrigin) => EncodedFile;
}

/** A format that results can be written in. */
export interface ResultFormat {
  /** As `infer#outputs` names it. */
  readonly name: string;
  /** A phrase for the help text and the documentation. */
  readonly description: string;
  readonly files: readonly FormatFile[];
  /** Its files can be compressed: the format is also there as `NAME.gz`. @default false */
  readonly isText?: boolean;
  /** Whether the network's maps of the whole image must be kept in memory. @default false */
  readonly needsRawMaps?: boolean;
  /** Its files tell readers that the others are there: they are written last. @default false */
  readonly isLast?: boolean;
}

// Where a download is kept, and of which version of the file it is.

/** What a server says of a file, by which a later answer is recognised as one of the same file. */
export interface FileVersion {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly totalBytes?: number | undefined;
}

/** Where a download is kept. */
export interface DownloadSink {
  /** Bytes that are there, from the start of the file on. */
  readonly bytes: number;
  /** Of which version they are; undefined where an attempt has to begin anew. */
  readonly version: FileVersion | undefined;
  /** Drops what is there; what comes next is of `version`. */
  restart(version: FileVersion): Promise<void>;
  write(chunk: Uint8Array): Promise<void>;
}

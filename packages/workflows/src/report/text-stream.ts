// Where reports are written to.

/** The part of a writable stream that reports need. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

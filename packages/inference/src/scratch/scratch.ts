// Space for what may not fit into memory while an image is segmented.

/** Bytes at positions; what was never written is 0. */
export interface ScratchFile {
  /** Fills `target` with the bytes from `offset` on. */
  read(target: Uint8Array, offset: number): Promise<void>;
  write(bytes: Uint8Array, offset: number): Promise<void>;
  close(): Promise<void>;
}

/** Where scratch files come from: memory, or a folder. */
export interface ScratchSpace {
  open(): Promise<ScratchFile>;
}

/** Scratch files in memory. */
export const memoryScratch: ScratchSpace = { open: () => Promise.resolve(createMemoryFile()) };

function createMemoryFile(): ScratchFile {
  let bytes = new Uint8Array(0);
  return {
    read(target, offset) {
      const known = bytes.subarray(offset, offset + target.length);
      target.set(known);
      target.fill(0, known.length);
      return Promise.resolve();
    },
    write(written, offset) {
      const end = offset + written.length;
      if (end > bytes.length) {
        const grown = new Uint8Array(bytes.length === 0 ? end : Math.max(end, 2 * bytes.length));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(written, offset);
      return Promise.resolve();
    },
    close() {
      bytes = new Uint8Array(0);
      return Promise.resolve();
    },
  };
}

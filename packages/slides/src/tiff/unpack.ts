// Lossless packings of TIFF 6.0: LZW (section 13), PackBits (section 9), and differences of neighbours (section 14).

/** At most `size` bytes that `packed` holds by LZW; shorter where it ends or breaks early. */
export function unpackLzw(packed: Uint8Array, size: number): Uint8Array {
  const clear = 256;
  const end = 257;
  const target = new Uint8Array(size);
  // Each code above 257 is the bytes of an earlier output: where it starts, and how long it is.
  const starts = new Int32Array(4097);
  const lengths = new Int32Array(4097);
  let next = 258;
  let bits = 9;
  let length = 0;
  let lastStart = -1;
  let lastLength = 0;
  let buffer = 0;
  let held = 0;
  for (let at = 0; length < size;) {
    while (held < bits) {
      if (at === packed.length) return target.subarray(0, length);
      buffer = ((buffer << 8) | packed[at++]!) & 0xffffff;
      held += 8;
    }
    const code = (buffer >>> (held - bits)) & ((1 << bits) - 1);
    held -= bits;
    if (code === end) break;
    if (code === clear) {
      next = 258;
      bits = 9;
      lastStart = -1;
      continue;
    }
    if (code > next || (code === next && lastStart < 0)) break;
    const start = length;
    if (lastStart >= 0 && next < 4096) {
      starts[next] = lastStart;
      lengths[next] = lastLength + 1;
      next++;
    }
    if (code < 256) {
      target[length++] = code;
    } else {
      const from = starts[code]!;
      const count = Math.min(lengths[code]!, size - length);
      // Byte by byte: the last byte of the newest code is the first of this output.
      for (let i = 0; i < count; i++) target[length++] = target[from + i]!;
    }
    lastStart = start;
    lastLength = length - start;
    if (next + 1 >= 1 << bits && bits < 12) bits++;
  }
  return target.subarray(0, length);
}

/** At most `size` bytes that `packed` holds by PackBits; shorter where it ends early. */
export function unpackBits(packed: Uint8Array, size: number): Uint8Array {
  const target = new Uint8Array(size);
  let length = 0;
  for (let at = 0; at < packed.length && length < size;) {
    const head = packed[at++]!;
    if (head < 128) {
      const run = packed.subarray(at, Math.min(at + head + 1, at + size - length));
      target.set(run, length);
      length += run.length;
      at += head + 1;
    } else if (head > 128) {
      const end = Math.min(length + 257 - head, size);
      target.fill(packed[at++] ?? 0, length, end);
      length = end;
    }
  }
  return target.subarray(0, length);
}

export interface RowLayout {
  /** Samples in a row and in a pixel. */
  readonly rowSamples: number;
  readonly step: number;
  readonly bytesPerSample: 1 | 2;
  readonly littleEndian: boolean;
}

/** Replaces differences to the pixel at the left by values, in place. */
export function undoDifferences(data: Uint8Array, { rowSamples, step, bytesPerSample, littleEndian }: RowLayout): void {
  const rowBytes = rowSamples * bytesPerSample;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let row = 0; row + rowBytes <= data.length; row += rowBytes) {
    if (bytesPerSample === 1) {
      for (let at = row + step; at < row + rowBytes; at++) data[at]! += data[at - step]!;
    } else {
      for (let at = row + 2 * step; at < row + rowBytes; at += 2) {
        const sum = view.getUint16(at, littleEndian) + view.getUint16(at - 2 * step, littleEndian);
        view.setUint16(at, sum & 0xffff, littleEndian);
      }
    }
  }
}

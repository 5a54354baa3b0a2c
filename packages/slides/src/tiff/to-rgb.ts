// Samples of a TIFF as RGB of 8 bits: grey, palette and RGB of 1 to 16 bits; further samples (alpha) are dropped.

export interface SampleLayout {
  readonly width: number;
  readonly height: number;
  /** Of one sample: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Interleaved samples of a pixel. */
  readonly channels: number;
  readonly kind: 'black-is-zero' | 'white-is-zero' | 'palette' | 'rgb';
  readonly littleEndian: boolean;
  /** For `palette`: all red values, all green, all blue, of 16 bits. */
  readonly colorMap: readonly number[];
}

/** RGB, `3 × width × height` bytes, of rows that start at whole bytes. Samples of 16 bits lose their low byte. */
export function toRgb(data: Uint8Array, layout: SampleLayout): Uint8Array {
  const { width, height, bits, channels, kind } = layout;
  if (kind === 'rgb' && bits === 8 && channels === 3) return data;
  const values = unpackSamples(data, layout);
  const target = new Uint8Array(3 * width * height);
  const largest = 2 ** Math.min(bits, 8) - 1;
  const colors = listColors(layout, largest);
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += channels, to += 3) {
    const first = values[from]!;
    for (let k = 0; k < 3; k++)
      target[to + k] = kind === 'rgb' ? scale(values[from + k]!, largest) : colors[3 * first + k]!;
  }
  return target;
}

/** One byte a sample. */
function unpackSamples(data: Uint8Array, { width, height, bits, channels, littleEndian }: SampleLayout): Uint8Array {
  if (bits === 8) return data;
  const rowSamples = width * channels;
  const values = new Uint8Array(rowSamples * height);
  if (bits === 16) {
    // Indices into a palette of 16 bits would need all of them; toRgb is not called with these.
    const high = littleEndian ? 1 : 0;
    for (let i = 0; i < values.length; i++) values[i] = data[2 * i + high]!;
    return values;
  }
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  const mask = 2 ** bits - 1;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < rowSamples; x++, to++) {
      const bit = x * bits;
      values[to] = (data[y * rowBytes + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return values;
}

/** Colours of grey values and indices. */
function listColors({ kind, colorMap }: SampleLayout, largest: number): Uint8Array {
  const colors = new Uint8Array(3 * 256);
  const count = colorMap.length / 3;
  for (let value = 0; value <= largest; value++) {
    const grey = scale(kind === 'white-is-zero' ? largest - value : value, largest);
    for (let k = 0; k < 3; k++)
      colors[3 * value + k] = kind === 'palette' ? (colorMap[k * count + value] ?? 0) >> 8 : grey;
  }
  return colors;
}

function scale(value: number, largest: number): number {
  return largest === 255 ? value : Math.round((value * 255) / largest);
}

import { createRandom } from '@hovernet/core';
import { PNG } from 'pngjs';
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePngRows, type PngRowsOptions } from '../../src/node.js';

async function encode(options: PngRowsOptions, chunks: readonly (Uint8Array | Int32Array)[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodePngRows(options, chunks)) parts.push(part);
  return Buffer.concat(parts);
}

/** Types and contents of the chunks, their checksums checked. */
function listChunks(file: Buffer): [type: string, content: Buffer][] {
  const chunks: [string, Buffer][] = [];
  for (let at = 8; at < file.length;) {
    const end = at + 12 + file.readUInt32BE(at);
    expect(file.readUInt32BE(end - 4)).toBe(crc32(file.subarray(at + 4, end - 4)));
    chunks.push([file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end - 4)]);
    at = end;
  }
  return chunks;
}

const random = createRandom(5);
const pixels = Uint8Array.from({ length: 5 * 4 * 3 }, () => random.integer(256));

describe('encodePngRows', () => {
  it('writes RGB that pngjs reads, whatever rows come at a time', async () => {
    const options = { width: 5, height: 4, kind: 'rgb' } as const;
    for (const split of [15, 45, 60]) {
      const { data, width, height } = PNG.sync.read(
        await encode(options, [pixels.subarray(0, split), pixels.subarray(split)]),
      );
      expect([width, height]).toEqual([5, 4]);
      expect([...data.filter((_, i) => i % 4 < 3)]).toEqual([...pixels]);
    }
  });

  it('writes ids as 16-bit grey', async () => {
    const ids = Int32Array.of(0, 1, 255, 256, 65535, 12345);
    const file = await encode({ width: 3, height: 2, kind: 'grey16' }, [ids.subarray(0, 3), ids.subarray(3)]);
    // Its own 16-bit samples, whatever its types say.
    const { data } = PNG.sync.read(file, { skipRescale: true } as object);
    expect(Array.from({ length: 6 }, (_, i) => data[4 * i])).toEqual([...ids]);
  });

  it('writes indices that viewers show in colours', async () => {
    const indices = Uint8Array.of(0, 1, 2, 2, 1, 1);
    const palette = [
      [0, 0, 0],
      [255, 0, 0],
      [0, 9, 255],
    ] as const;
    const file = await encode({ width: 2, height: 3, kind: 'palette', palette }, [indices]);
    const { data } = PNG.sync.read(file);
    expect([...data].filter((_, i) => i % 4 < 3)).toEqual([...indices].flatMap((index) => palette[index]!));
    const chunks = listChunks(file);
    expect(chunks.map(([type]) => type)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    const rows = inflateSync(chunks[2]![1]);
    // Filter "up": rows are stored as differences from the row above.
    expect([...rows]).toEqual([2, 0, 1, 2, 2, 1, 2, 255, 255]);
  });

  it('tells wrong numbers of rows, ids that do not fit, and palettes and sides that are none', async () => {
    const options = { width: 5, height: 4, kind: 'rgb' } as const;
    await expect(encode(options, [pixels.subarray(15)])).rejects.toThrow('expected 4 rows of 15 elements');
    const grey = encode({ width: 1, height: 1, kind: 'grey16' }, [Int32Array.of(65536)]);
    await expect(grey).rejects.toThrow('expected ids of 0 to 65535 for 16 bits, got 65536; use .npy');
    await expect(encode({ ...options, kind: 'palette' }, [pixels])).rejects.toThrow(
      'palette of 1 to 256 colours, got 0',
    );
    await expect(encode({ ...options, height: 0 }, [])).rejects.toThrow('got 5×0');
  });
});

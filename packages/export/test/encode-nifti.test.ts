import { createLabelMap, createRgbImage, createTypeMap, flipView } from '@hovernet/core';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeNifti, encodeNiftiRows, type NiftiRowsOptions } from '../src/index.js';

/** Reads a little-endian NIfTI-1 file as the standard lays it out, independently of the encoder. */
function decodeNifti(file: Uint8Array) {
  const bytes = new Uint8Array(gunzipSync(file));
  const view = new DataView(bytes.buffer);
  const shorts = (offset: number, count: number) =>
    Array.from({ length: count }, (_, i) => view.getInt16(offset + 2 * i, true));
  const floats = (offset: number, count: number) =>
    Array.from({ length: count }, (_, i) => view.getFloat32(offset + 4 * i, true));
  const header = {
    headerSize: view.getInt32(0, true),
    dim: shorts(40, 8),
    datatype: view.getInt16(70, true),
    bitpix: view.getInt16(72, true),
    pixdim: floats(76, 8),
    voxOffset: view.getFloat32(108, true),
    slopeAndIntercept: floats(112, 2),
    units: view.getUint8(123),
    formCodes: shorts(252, 2),
    affine: [floats(280, 4), floats(296, 4), floats(312, 4)],
    magic: new TextDecoder().decode(bytes.subarray(344, 348)),
    extension: [...bytes.subarray(348, 352)],
  };
  const [, width, height] = header.dim as [number, number, number];
  const size = header.bitpix / 8;
  const voxel = (x: number, y: number) => {
    const offset = header.voxOffset + (x + y * width) * size;
    return size === 4 ? view.getUint32(offset, true) : view.getUint8(offset);
  };
  return {
    header,
    bytes,
    voxels: Array.from({ length: width }, (_, x) => Array.from({ length: height }, (_, y) => voxel(x, y))),
  };
}

// prettier-ignore
const labels = createLabelMap(2, 3, Int32Array.of(
  0, 1, 70000,
  5, 0, 2147483647,
));

describe('encodeNifti', () => {
  it('writes a label map as uint32 that reads as array[x, y]', () => {
    const { header, voxels, bytes } = decodeNifti(encodeNifti(labels));
    expect(voxels).toEqual([
      [0, 5],
      [1, 0],
      [70000, 2147483647],
    ]);
    expect(header).toEqual({
      headerSize: 348,
      dim: [2, 3, 2, 1, 1, 1, 1, 1],
      datatype: 768,
      bitpix: 32,
      pixdim: [1, 1, 1, 1, 1, 1, 1, 1],
      voxOffset: 352,
      slopeAndIntercept: [1, 0],
      units: 0,
      formCodes: [0, 2],
      affine: [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ],
      magic: 'n+1\0',
      extension: [0, 0, 0, 0],
    });
    expect(bytes).toHaveLength(352 + 6 * 4);
  });

  it('leaves every other byte of the header zero', () => {
    const { bytes } = decodeNifti(encodeNifti(createTypeMap(1, 1)));
    const written = [...bytes.entries()].filter(([, byte]) => byte !== 0).map(([offset]) => offset);
    // sizeof_hdr, dim, datatype and bitpix, pixdim, vox_offset and slope, sform_code, affine, magic.
    expect(written).toEqual([
      0,
      1,
      40,
      42,
      44,
      46,
      48,
      50,
      52,
      54,
      70,
      72,
      ...[78, 79, 82, 83, 86, 87, 90, 91, 94, 95, 98, 99, 102, 103, 106, 107],
      ...[110, 111, 114, 115, 254, 282, 283, 302, 303, 322, 323, 344, 345, 346],
    ]);
  });

  it('writes a type map as uint8', () => {
    const { header, voxels, bytes } = decodeNifti(encodeNifti(createTypeMap(2, 3, Uint8Array.of(0, 1, 2, 3, 4, 255))));
    expect([header.datatype, header.bitpix]).toEqual([2, 8]);
    expect(voxels).toEqual([
      [0, 3],
      [1, 4],
      [2, 255],
    ]);
    expect(bytes).toHaveLength(352 + 6);
  });

  it('tells the pixel size in millimetres', () => {
    const { header } = decodeNifti(encodeNifti(labels, { mpp: 0.25 }));
    const size = Math.fround(0.00025);
    expect(header.pixdim).toEqual([1, size, size, 1, 1, 1, 1, 1]);
    expect(header.affine.map((row, axis) => row[axis])).toEqual([size, size, 1]);
    expect(header.units).toBe(2);
  });

  it('writes views in the order they are seen', () => {
    expect(decodeNifti(encodeNifti(flipView(labels, 1))).voxels).toEqual(
      decodeNifti(encodeNifti(labels)).voxels.toReversed(),
    );
  });

  it('gives the same bytes for the same map, with no time in them', () => {
    const file = encodeNifti(labels);
    expect(encodeNifti(labels)).toEqual(file);
    expect([...file.subarray(0, 8)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0]);
  });

  it('writes NIfTI-2 where a side is too long for NIfTI-1', () => {
    const map = createTypeMap(2, 32768);
    map.set(1, 32767, 9);
    const bytes = new Uint8Array(gunzipSync(encodeNifti(map, { mpp: 0.5 })));
    const view = new DataView(bytes.buffer);
    const longs = Array.from({ length: 3 }, (_, i) => Number(view.getBigInt64(16 + 8 * i, true)));
    expect([view.getInt32(0, true), ...longs, Number(view.getBigInt64(168, true))]).toEqual([540, 2, 32768, 2, 544]);
    expect([...bytes.subarray(4, 12)]).toEqual([0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect([view.getInt16(12, true), view.getInt16(14, true)]).toEqual([2, 8]);
    expect([view.getFloat64(112, true), view.getFloat64(400, true), view.getFloat64(440, true)]).toEqual([
      5e-4, 5e-4, 5e-4,
    ]);
    expect([bytes.length, bytes.at(-1)]).toEqual([544 + 65536, 9]);
  });

  it('refuses other arrays and pixel sizes that are not positive', () => {
    expect(() => encodeNifti(createRgbImage(2, 2))).toThrow('label map');
    expect(() => encodeNifti(labels, { mpp: 0 })).toThrow('mpp');
  });
});

describe('encodeNiftiRows', () => {
  async function collect(options: NiftiRowsOptions, chunks: readonly Int32Array[]): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of encodeNiftiRows(options, chunks)) parts.push(part);
    return Buffer.concat(parts);
  }
  const description = { width: 3, height: 2, kind: 'label', mpp: 0.25 } as const;

  it('writes the same file as encodeNifti, whatever rows come at a time', async () => {
    const expected = decodeNifti(encodeNifti(labels, { mpp: 0.25 }));
    const rows = [labels.data.subarray(0, 3), labels.data.subarray(3)];
    expect(decodeNifti(await collect(description, rows))).toEqual(expected);
    expect(decodeNifti(await collect(description, [labels.data]))).toEqual(expected);
    expect((await collect(description, rows)).subarray(4, 8)).toEqual(Buffer.from([0, 0, 0, 0]));
  });

  it('keeps what was given when its memory is used again', async () => {
    function* reuse(): Generator<Int32Array> {
      const row = new Int32Array(3);
      for (const value of [1, 2]) yield row.fill(value);
    }
    expect(decodeNifti(await collect(description, reuse() as unknown as Int32Array[])).voxels).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('tells missing, surplus and broken rows', async () => {
    for (const chunks of [[new Int32Array(3)], [new Int32Array(9)], [new Int32Array(4), new Int32Array(2)]])
      await expect(collect(description, chunks)).rejects.toThrow('expected 2 rows of 3 elements');
  });
});

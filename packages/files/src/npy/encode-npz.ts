// NumPy's .npz files, deflated by the platform.
import { compressChunks, joinChunks } from '../compress-chunks.js';
import { writeZip } from '../zip/write-zip.js';
import type { NamedArrays } from './decode-npz.js';
import { encodeNpy } from './npy.js';

/**
 * The bytes of an .npz file with `arrays`, deflated outside this thread. The same arrays give the same bytes.
 * @throws UnsupportedError from 4 GiB on.
 */
export async function encodeNpz(arrays: NamedArrays): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Array.from(arrays, async ([name, array]) => {
    const content = encodeNpy(array);
    return { name: `${name}.npy`, content, deflated: await deflate(content) };
  });
  return writeZip(await Promise.all(entries));
}

async function deflate(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of compressChunks('deflate-raw', [content])) pieces.push(piece);
  return joinChunks(pieces);
}

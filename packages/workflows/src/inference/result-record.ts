// What results say of where they come from, and whether an image is still the one that they were made of.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseNuclei, type ProvenanceRecord } from '@hovernet/export';

/** More than what stands before the nuclei of a document. */
const headBytes = 2 ** 16;

/** SHA-256 of the file at `path`; undefined where it cannot be read. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

/** Where the nuclei document at `path` comes from, by its beginning; null where it does not say so or is none. */
export async function readProvenance(path: string): Promise<ProvenanceRecord | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      const [head] = buffer.toString('utf8', 0, bytesRead).split(',"nuclei":[');
      return parseNuclei(JSON.parse(`${head},"nuclei":[]}`)).provenance;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

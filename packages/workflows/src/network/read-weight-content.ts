// What a weight file holds, where that may be several files.
import { readFileBytes } from '@hovernet/data';
import { decodeTfjsModel, listTfjsShards, readCheckpoint, type CheckpointContent } from '@hovernet/model';
import { dirname, extname, join } from 'node:path';

/**
 * Reads a weight file of any format that `readCheckpoint` knows, or the model.json of a TensorFlow.js model with the files
 * that it names beside itself.
 * @throws FileError if a file is missing or damaged; WeightsError for weights of another network.
 */
export async function readWeightContent(path: string): Promise<CheckpointContent> {
  const bytes = await readFileBytes(path);
  if (extname(path).toLowerCase() !== '.json') return readCheckpoint(bytes, path);
  const shards = new Map<string, Uint8Array>();
  for (const name of listTfjsShards(bytes, path)) shards.set(name, await readFileBytes(join(dirname(path), name)));
  return decodeTfjsModel(bytes, shards, path);
}

// A network as the folder of a TensorFlow.js model.
import { ArgumentError, FileError } from '@hovernet/core';
import { replaceDirectory, writeFileAtomic } from '@hovernet/files/node';
import { encodeTfjsModel, splitTfjsModel, type EncodeTfjsModelOptions } from '@hovernet/model/internal';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Weights, WeightsDescription } from '@hovernet/model';

/** Names of the files that such a folder has. */
const modelFile = /^(model\.json|group\d+-shard\d+of\d+\.bin)$/;

/**
 * Writes `model.json` and its shards as the folder `path`, in place of a former model; a former one stays whole until the
 * new one is complete. Gives the number of bytes written.
 * @throws ArgumentError for a folder with other files; FileError for a file, and where nothing can be written;
 * WeightsError where a filter does not fit float16.
 */
export async function writeTfjsModel(
  path: string,
  { config, state, ...description }: WeightsDescription & Pick<Weights, 'state'>,
  { precision }: Pick<EncodeTfjsModelOptions, 'precision'> = {},
): Promise<number> {
  await assertReplaceable(path);
  const artifacts = encodeTfjsModel(config, state, {
    ...description,
    metadata: {},
    ...(precision && { precision }),
  });
  const files = splitTfjsModel(artifacts);
  return replaceDirectory(resolve(path), async (folder) => {
    let written = 0;
    for (const [name, bytes] of files) {
      await writeFileAtomic(join(folder, name), bytes);
      written += bytes.length;
    }
    return written;
  });
}

/** Replacing a folder removes what is in it, so that may only be a model. */
async function assertReplaceable(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    const problem = error.code === 'ENOTDIR' ? 'expected a folder for the model, got a file' : error.message;
    throw new FileError(path, problem, { cause: error });
  });
  const other = names.find((name) => !modelFile.test(name));
  if (other === undefined) return;
  const expected = 'expected a new or empty folder, or one of a TensorFlow.js model alone';
  throw new ArgumentError(`export to tfjs: ${path}: ${expected}, got one with ${other}; give another --out`);
}

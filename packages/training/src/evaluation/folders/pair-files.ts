// Pairs the files of two folders by name.
import { ArgumentError } from '@hovernet/core';
import { listFileNames } from '@hovernet/files/internal/node';
import { join } from 'node:path';

export interface FilePair {
  readonly name: string;
  readonly truthPath: string;
  readonly predictionPath: string;
}

export interface PairedFiles {
  /** Sorted by name. */
  readonly pairs: readonly FilePair[];
  /** Names that only one of the folders has. */
  readonly unpaired: readonly string[];
}

/** `NAME.mat`, `NAME.npy` and `NAME_instance_map.npy` are all called NAME; .mat is preferred where both are there. */
const filePattern = /^(.+?)(?:_instance_map)?\.(?:mat|npy)$/;

/** The map files of both folders. Throws FileError for a missing folder, ArgumentError where no names agree. */
export async function pairFiles(truthFolder: string, predictionFolder: string): Promise<PairedFiles> {
  const [truths, predictions] = await Promise.all([listMaps(truthFolder), listMaps(predictionFolder)]);
  const names = [...new Set([...truths.keys(), ...predictions.keys()])].sort();
  const pairs = names.flatMap((name) => {
    const truthPath = truths.get(name);
    const predictionPath = predictions.get(name);
    return truthPath && predictionPath ? [{ name, truthPath, predictionPath }] : [];
  });
  if (pairs.length === 0) {
    throw new ArgumentError(
      `score: expected files of the same name (.mat or .npy), got ${truths.size} in ${truthFolder}, ` +
        `${predictions.size} in ${predictionFolder} and none in both`,
    );
  }
  const paired = new Set(pairs.map(({ name }) => name));
  return { pairs, unpaired: names.filter((name) => !paired.has(name)) };
}

async function listMaps(folder: string): Promise<Map<string, string>> {
  const maps = new Map<string, string>();
  for (const file of await listFileNames(folder)) {
    const name = filePattern.exec(file)?.[1];
    if (name === undefined || name.endsWith('_type_map')) continue;
    if (!maps.has(name) || file.endsWith('.mat')) maps.set(name, join(folder, file));
  }
  return maps;
}

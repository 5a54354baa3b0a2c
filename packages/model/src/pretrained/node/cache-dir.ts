// Where this system keeps what can be downloaded again.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { cacheDir } from '@hovernet/files/internal/node';
import type { WeightAddress } from '../weight-address.js';

/** Folder of downloaded weights, by the conventions of the operating system; HOVERNET_CACHE names another. */
export function pretrainedCacheDir(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return cacheDir('pretrained', environment, platform);
}

/** Name of a file in the cache: a hash that tells addresses apart, and the file's own name for who looks into the folder. */
export function cacheFileName({ identity, shown }: WeightAddress): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  const name = posix
    .basename(new URL(shown).pathname)
    .replace(/[^\w.-]/g, '_')
    .slice(-64);
  return `${hash}-${name || 'weights'}`;
}

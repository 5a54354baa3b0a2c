// Where this system keeps what programs can make again.
import { cacheDir } from '@hovernet/files/node';

/** Folder of optimised graphs, by the conventions of the operating system; HOVERNET_CACHE names another. */
export function defaultCacheDir(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return cacheDir('sessions', environment, platform);
}

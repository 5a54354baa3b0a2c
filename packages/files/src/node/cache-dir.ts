// Where programs keep what they can make or download again.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder `part` of the cache, by the conventions of the operating system; HOVERNET_CACHE names another cache. */
export function cacheDir(
  part: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { HOVERNET_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (HOVERNET_CACHE) return join(HOVERNET_CACHE, part);
  if (platform === 'win32') return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'hovernet', part);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hovernet', part);
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'hovernet', part);
}
